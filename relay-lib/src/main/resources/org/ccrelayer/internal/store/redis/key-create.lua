-- Adds a relay key with all indexes, unless its id or its hash is taken. A deleted key's id is free.
-- KEYS: key, the relay's own, map of hashes, old index of the hash, all, by creation, by use, by name, active, deleted
-- ARGV: the key as JSON
local key = cjson.decode(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('HGET', KEYS[1], 'isDeleted') ~= 'true' then
  return {'id'}
end
if redis.call('HEXISTS', KEYS[3], key.hash) == 1 or redis.call('EXISTS', KEYS[4]) == 1 then
  return {'hash'}
end
local name = redis.call('HGET', KEYS[1], 'name')
if name then
  redis.call('ZREM', KEYS[8], key.formerName)
end
redis.call('DEL', KEYS[1], KEYS[2])
for field, value in pairs(key.set) do
  redis.call('HSET', KEYS[1], field, value)
end
for field, value in pairs(key.own) do
  redis.call('HSET', KEYS[2], field, value)
end
redis.call('EXPIRE', KEYS[1], key.ttl)
redis.call('HSET', KEYS[3], key.hash, key.id)
redis.call('SADD', KEYS[5], key.id)
redis.call('ZADD', KEYS[6], key.createdAt, key.id)
redis.call('ZADD', KEYS[7], 0, key.id)
redis.call('ZADD', KEYS[8], 0, key.name)
redis.call('SREM', KEYS[10], key.id)
if key.active then
  redis.call('SADD', KEYS[9], key.id)
else
  redis.call('SREM', KEYS[9], key.id)
end
return {'done'}
