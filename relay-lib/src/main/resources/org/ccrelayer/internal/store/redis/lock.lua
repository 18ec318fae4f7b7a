-- Takes a lock, or asks for its owner. ARGV: the moment, who takes it (empty: nobody), for how long. Answers whether whoever
-- takes it has it; where nobody takes it, whether anybody has it.
local at = moment(ARGV[1])
local owner, ttl = ARGV[2], tonumber(ARGV[3])
local held = redis.call('HMGET', KEYS[1], 'owner', 'until')
local stands = held[1] and tonumber(held[2]) > at
if owner == '' then
  return stands and 1 or 0
end
if stands and held[1] ~= owner then
  return 0
end
redis.call('HSET', KEYS[1], 'owner', owner, 'until', whole(at + ttl))
redis.call('PEXPIRE', KEYS[1], milliseconds(ttl))
return 1
