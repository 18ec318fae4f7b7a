-- Removes an account, its tokens and its places in groups.
-- KEYS: account, the relay's own, index, shared, index of the relay's own, groups, groups it is in, its tokens
-- ARGV: id, prefix of groups' members
if redis.call('EXISTS', KEYS[1], KEYS[2]) == 0 then
  return {'none'}
end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[7], KEYS[8])
redis.call('SREM', KEYS[3], ARGV[1])
redis.call('SREM', KEYS[4], ARGV[1])
redis.call('SREM', KEYS[5], ARGV[1])
for _, group in ipairs(redis.call('SMEMBERS', KEYS[6])) do
  redis.call('SREM', ARGV[2] .. group, ARGV[1])
end
return {'done'}
