-- Keeps a session with an account, and lets the predecessor know where it knows the account. What lives longer there, or for ever,
-- goes on doing so; what is with the same account begins its time anew in the last quarter of that.
-- KEYS: texts, their names by when they were asked for, mapping, account. ARGV: the moment, account, for how long, how many are kept,
-- name, mapping.
local at = moment(ARGV[1])
local account, ttl, most, name = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
keep(name, account, at, ttl)
tidy(at, most)
if redis.call('EXISTS', KEYS[4]) == 0 then
  return 1
end
local map, text = mapping()
if type(text) == 'table' then
  return 1
end
local life = math.max(1, math.floor(ttl / 1000000)) * 1000
local left = redis.call('PTTL', KEYS[3])
if map and map.accountId == account and map.accountType == CONSOLE then
  if left >= 0 and left * 4 < life then
    redis.call('PEXPIRE', KEYS[3], whole(life))
  end
elseif left == -1 or left > life then
  redis.call('SET', KEYS[3], ARGV[6], 'KEEPTTL')
else
  redis.call('SET', KEYS[3], ARGV[6], 'PX', whole(life))
end
return 1
