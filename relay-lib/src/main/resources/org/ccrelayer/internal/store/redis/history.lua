-- The sums of somebody by period. KEYS: the index of the periods there are; what the keys of their sums begin with. ARGV: the
-- names of the figures. Answers each period's name and figures.
local found = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local figures = redis.call('HMGET', KEYS[2] .. name, unpack(ARGV))
  if figures[1] then
    table.insert(found, name)
    for i = 1, #ARGV do
      table.insert(found, figures[i] or '0')
    end
  end
end
return found
