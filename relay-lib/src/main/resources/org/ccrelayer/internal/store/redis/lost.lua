-- Leases that nobody renewed for so long that their relays must be gone, the longest lost first. KEYS: the leases by when
-- they are lost. Answers the moment, and the exchange and key of each.
local at = moment(ARGV[1])
local found = {whole(at)}
for _, lease in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', whole(at), 'LIMIT', 0, ARGV[2])) do
  local held = redis.call('HMGET', lease, 'exchange', 'key')
  if held[1] then
    table.insert(found, held[1])
    table.insert(found, held[2])
  else
    redis.call('ZREM', KEYS[1], lease)
  end
end
return found
