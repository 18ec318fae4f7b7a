-- Says that the answer of an open row has begun. KEYS: the rows of its exchange, as its name tells; where to find them else.
local rows, text = KEYS[1], redis.call('HGET', KEYS[1], ARGV[1])
if not text then
  rows = redis.call('GET', KEYS[2])
  text = rows and redis.call('HGET', rows, ARGV[1])
end
if text and string.sub(text, 1, 1) == 'R' then
  redis.call('HSET', rows, ARGV[1], 'S' .. string.sub(text, 2))
  return 1
end
return 0
