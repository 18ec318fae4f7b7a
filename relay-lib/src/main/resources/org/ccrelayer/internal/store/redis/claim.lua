-- Lets an exchange in if every limit has room. Answers: let in (1) or not (0), the moment, and the limit in the way with its
-- cause, what counts against it, what is reserved of it and in how many microseconds it frees (-1: nobody can tell); then what is left
-- of the budget that has least left (-1: there is none, or it was not looked at).
local at = moment(ARGV[1])
local exchange, key, family = ARGV[2], ARGV[3], ARGV[4]
local worst, ttl, concurrency = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local length = tonumber(ARGV[8])
local shadow = ARGV[12] == '1'
local ask = budgets_asked(13)
local room = -1

local function told(granted, limit, cause, current, reserved, frees)
  return {granted, whole(at), limit, cause, whole(current), whole(reserved), whole(frees), whole(room)}
end

if concurrency > 0 then
  local now = running(at, concurrency)
  if now >= concurrency then
    return told(0, 'CONCURRENCY', 'USED_UP', now, 0, -1)
  end
end

local window
if length > 0 then
  window = window_at(at, length)
  local left = window.from + length - at
  local asked = {
    {'WINDOW_REQUESTS', tonumber(ARGV[9]), window.requests},
    {'WINDOW_TOKENS', tonumber(ARGV[10]), window.tokens},
    {'WINDOW_COST', tonumber(ARGV[11]), window.cost}
  }
  for _, each in ipairs(asked) do
    if each[2] > 0 and each[3] >= each[2] then
      return told(0, each[1], 'USED_UP', each[3], 0, left)
    end
  end
end

-- What makes waiting most pointless is told: a budget that is used up, then the one with least left, then one reserved.
local told_first, rank, least
for _, budget in ipairs(budgets_at(at, family, ask, true)) do
  local left = budget.value - budget.spent
  local behind = math.max(0, left - budget.reserved - worst)
  room = room < 0 and behind or math.min(room, behind)
  local its_rank, its_cause
  if left <= 0 then
    its_rank, its_cause = 1, 'USED_UP'
  elseif worst > left then
    its_rank, its_cause = 2, 'TOO_LITTLE_LEFT'
  elseif worst > 0 and worst > left - budget.reserved then
    its_rank, its_cause = 3, 'RESERVED'
  end
  if its_rank and (not rank or its_rank < rank or (its_rank == 2 and rank == 2 and left < least)) then
    told_first, rank, least = budget, its_rank, left
    told_first.cause = its_cause
  end
end

local limit, cause, current, reserved, frees = '', '', 0, 0, -1
if told_first then
  limit, cause = told_first.name, told_first.cause
  current, reserved = told_first.spent, told_first.reserved
  frees = told_first.ends and told_first.ends - at or -1
  if not shadow then
    return told(0, limit, cause, current, reserved, frees)
  end
  redis.call('HINCRBY', BOOK, 'shadowed', 1)
end

give_up_places(at)
drop(exchange)
redis.call('HSET', LEASE, 'key', key, 'exchange', exchange, 'at', whole(at), 'family', family, 'reserved', whole(worst), 'open', 0)
redis.call('ZADD', RUNNING, whole(at + ttl), exchange)
if concurrency > 0 then
  take_place_there(at, exchange, ttl)
end
redis.call('ZADD', LOST, whole(at + 2 * ttl), LEASE)
reserve(at, family, worst)
if window then
  ask_in(window, at, length)
end
return told(1, limit, cause, current, reserved, frees)
