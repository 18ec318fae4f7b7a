-- Tells that something rests: other relays, and the predecessor where that would have it rest too. What the predecessor told itself
-- stands as it is, and no rest becomes shorter.
-- KEYS: rests, the predecessor's mark, its account, what it cannot say of that. ARGV: the moment, for how long relays are told (0: not),
-- field, text, for how many seconds the predecessor is told (0: not), mark, who tells, since when the account is limited (empty: not).
local at, ttl, seconds = moment(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[5])
if ttl > 0 then
  redis.call('HSET', KEYS[1], ARGV[3], whole(at + ttl) .. ':' .. ARGV[4])
  outlive(KEYS[1], ttl)
end
local known = seconds > 0 and redis.call('EXISTS', KEYS[3]) == 1
if not known or redis.call('HGET', KEYS[3], 'disableAutoProtection') == 'true' then
  return 1
end
local relay, text = teller(KEYS[2])
local left = redis.call('PTTL', KEYS[2])
if type(text) ~= 'table' and (left < 0 or relay ~= '' and left < seconds * 1000) then
  redis.call('SET', KEYS[2], ARGV[6], 'EX', whole(seconds))
end
if ARGV[8] == '' then
  return 1
end
local fields = redis.call('HMGET', KEYS[3], 'isActive', 'schedulable', 'status', 'rateLimitDuration')
local chosen = fields[1] == 'true' and fields[2] ~= 'false' and (fields[3] or 'active') == 'active'
local minutes = tonumber(string.match(fields[4] or '', '^%s*(%d+)')) or 60
if chosen and minutes > 0 then
  redis.call('HSET', KEYS[3], 'rateLimitedAt', ARGV[8], 'rateLimitStatus', 'limited', 'rateLimitAutoStopped', 'true',
    'status', 'rate_limited', 'isActive', 'false', 'schedulable', 'false', 'errorMessage', 'Rate limited at ' .. ARGV[8])
  redis.call('HSET', KEYS[4], 'limitedAt', ARGV[8], 'limitedBy', ARGV[7])
end
return 1
