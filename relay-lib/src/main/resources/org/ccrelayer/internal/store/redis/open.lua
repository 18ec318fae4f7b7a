-- Opens a row, once. KEYS 10: the rows of its exchange; 11: where to find them by the row's own name, if that does not tell.
local ROWS, WHERE = KEYS[10], KEYS[11]
local at = moment(ARGV[1])
local exchange, key, row, text, family = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local admitted, kept, orphans_life = ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9])
if redis.call('HSETNX', ROWS, row, text) == 0 then
  return 0
end
outlive(ROWS, kept)
if WHERE then
  redis.call('SET', WHERE, ROWS, 'PX', milliseconds(kept))
end
if redis.call('EXISTS', LEASE) == 0 then
  -- Its exchange holds nothing any more; somebody must still look after the row.
  redis.call('HSET', LEASE, 'key', key, 'exchange', exchange, 'at', admitted, 'family', family, 'reserved', 0,
    'open', 0, 'away', 1)
  redis.call('ZADD', LOST, whole(at + orphans_life), LEASE)
end
redis.call('HSET', LEASE, 'row:' .. row, 1)
redis.call('HINCRBY', LEASE, 'open', 1)
return 1
