-- Ends a lease; with ARGV[4] set, only if nobody renewed it for so long that its relay must be gone. Answers whether it did.
local at = moment(ARGV[1])
local exchange, free, only_lost = ARGV[2], ARGV[3] == '1', ARGV[4] == '1'
local held = redis.call('HMGET', LEASE, 'at', 'open', 'away', 'uncounted')
if only_lost then
  local lost = redis.call('ZSCORE', LOST, LEASE)
  if lost and tonumber(lost) > at then
    return 0
  end
end
if not held[1] then
  redis.call('ZREM', LOST, LEASE)
  return 0
end
if free and not held[3] and not held[4] then
  local window = redis.call('HMGET', BOOK, 'window.from', 'window.requests', 'window.start')
  if window[1] and tonumber(held[1]) >= tonumber(window[1]) and tonumber(window[2]) > 0 then
    redis.call('HINCRBY', BOOK, 'window.requests', -1)
    use_window_there(window[3], 'INCRBY', 'requests', -1)
  end
end
if held[2] == '0' then
  drop(exchange)
else
  -- A row that nobody settled keeps its reservation until it is booked as lost.
  redis.call('ZREM', RUNNING, exchange)
  leave_places_there({exchange})
  redis.call('HSET', LEASE, 'away', 1)
end
return 1
