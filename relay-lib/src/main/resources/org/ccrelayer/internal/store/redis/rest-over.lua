-- Tells that an account works again, of which this relay had told that it rests.
-- KEYS: rests, the predecessor's mark, its account, what it cannot say of that. ARGV: who tells, fields...
for i = 2, #ARGV do
  redis.call('HDEL', KEYS[1], ARGV[i])
end
if teller(KEYS[2]) == ARGV[1] then
  redis.call('DEL', KEYS[2])
end
local mine = redis.call('HMGET', KEYS[4], 'limitedBy', 'limitedAt')
if mine[1] ~= ARGV[1] then
  return 1
end
redis.call('HDEL', KEYS[4], 'limitedBy', 'limitedAt')
local fields = redis.call('HMGET', KEYS[3], 'rateLimitedAt', 'status', 'rateLimitAutoStopped')
if fields[1] == mine[2] and fields[2] == 'rate_limited' and fields[3] == 'true' then
  redis.call('HSET', KEYS[3], 'isActive', 'true', 'schedulable', 'true', 'status', 'active', 'errorMessage', '')
  redis.call('HDEL', KEYS[3], 'rateLimitedAt', 'rateLimitStatus', 'rateLimitAutoStopped')
end
return 1
