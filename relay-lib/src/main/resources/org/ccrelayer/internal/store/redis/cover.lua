-- Reserves the worst case of an exchange once more, in the periods in which it was let in. Answers whether there is room.
local worst = tonumber(ARGV[1])
local family = ARGV[2]
local held = redis.call('HMGET', LEASE, 'at', 'family', 'reserved')
if not held[1] then
  return 0
end
local at = tonumber(held[1])
local more = worst - tonumber(held[3])
if more <= 0 then
  return 1
end
for _, budget in ipairs(budgets_at(at, family, budgets_asked(3), false)) do
  if more > budget.value - budget.spent - budget.reserved then
    return 0
  end
end
redis.call('HSET', LEASE, 'reserved', whole(worst))
reserve(at, held[2], more)
return 1
