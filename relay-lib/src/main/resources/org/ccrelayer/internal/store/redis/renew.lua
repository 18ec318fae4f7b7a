-- Lets a lease run on. Answers whether it runs.
local at = moment(ARGV[1])
local exchange, ttl, concurrency = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if redis.call('EXISTS', LEASE) == 0 then
  return 0
end
redis.call('ZADD', LOST, whole(at + 2 * ttl), LEASE)
local ends = tonumber(redis.call('ZSCORE', RUNNING, exchange) or '0')
if ends <= at and concurrency > 0 and running(at, concurrency) >= concurrency then
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
