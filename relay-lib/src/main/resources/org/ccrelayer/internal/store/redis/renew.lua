-- Lets a lease run on. Answers whether it runs. Where its relay let it in while it could not ask here, ARGV[5] is when that was:
-- it takes its place now, whether there is room or not.
local at = moment(ARGV[1])
local exchange, ttl, concurrency = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local let_in, key, family = ARGV[5], ARGV[6], ARGV[7]
if let_in ~= '' then
  if redis.call('EXISTS', LEASE) == 0 then
    redis.call('HSET', LEASE, 'key', key, 'exchange', exchange, 'at', let_in, 'family', family, 'reserved', 0, 'open', 0)
  end
  -- The window did not count it.
  redis.call('HSET', LEASE, 'uncounted', 1)
elseif redis.call('EXISTS', LEASE) == 0 then
  return 0
end
redis.call('ZADD', LOST, whole(at + 2 * ttl), LEASE)
local ends = tonumber(redis.call('ZSCORE', RUNNING, exchange) or '0')
if let_in == '' and ends <= at and concurrency > 0 and running(at, concurrency) >= concurrency then
  -- Another one took its place; it goes on without one, and what it uses is booked all the same.
  redis.call('ZREM', RUNNING, exchange)
  leave_places_there({exchange})
  return 0
end
give_up_places(at)
redis.call('HDEL', LEASE, 'away')
redis.call('ZADD', RUNNING, whole(at + ttl), exchange)
if concurrency > 0 then
  take_place_there(at, exchange, ttl)
end
return 1
