-- Marks a relay key as deleted; its record stays, as the predecessor keeps it.
-- KEYS: key, map of hashes, active, deleted. ARGV: id, now, who, life in seconds
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HGET', KEYS[1], 'isDeleted') == 'true' then
  return {'none'}
end
local hash = redis.call('HGET', KEYS[1], 'apiKey')
redis.call('HSET', KEYS[1], 'isDeleted', 'true', 'deletedAt', ARGV[2], 'deletedBy', ARGV[3], 'deletedByType', 'admin',
  'isActive', 'false')
local left = redis.call('TTL', KEYS[1])
if left >= 0 and left < tonumber(ARGV[4]) then
  redis.call('EXPIRE', KEYS[1], ARGV[4])
end
if hash then
  redis.call('HDEL', KEYS[2], hash)
end
redis.call('SREM', KEYS[3], ARGV[1])
redis.call('SADD', KEYS[4], ARGV[1])
return {'done'}
