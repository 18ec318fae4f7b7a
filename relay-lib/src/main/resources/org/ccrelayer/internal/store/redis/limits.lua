-- What the scripts of a relay key's limits have in common. KEYS, the same for all of them:
local LEASE, RUNNING, LOST, RESERVED, BOOK, TOTAL, SPENT = unpack(KEYS)

local HOUR = 3600000000
local DAY = 24 * HOUR
local WEEK = 7 * DAY
local MOST_PLACES_GIVEN_UP = 1000

local function counts(scope, family)
  return scope == 'all' or family == '' or scope == family
end

local function day_at(at, zone)
  return math.floor((at + zone) / DAY) * DAY - zone
end

-- Weeks begin so long after one of the days on which 1970 began, in the zone.
local function week_at(at, zone, shift)
  return math.floor((at + zone - shift) / WEEK) * WEEK + shift - zone
end

-- Reservations stand by the hour and family of their exchanges; any day or week is a sum of hours.
local function reserve(at, family, more)
  if more == 0 then
    return
  end
  for _, field in ipairs({'total', whole(math.floor(at / HOUR)) .. ':' .. family}) do
    if redis.call('HINCRBY', RESERVED, field, whole(more)) == 0 then
      redis.call('HDEL', RESERVED, field)
    end
  end
end

local function reserved_altogether()
  return tonumber(redis.call('HGET', RESERVED, 'total') or '0')
end

-- As many fields as there are hours in which exchanges began that still run.
local function reserved_in(from, length, scope)
  local sum = 0
  local all = redis.call('HGETALL', RESERVED)
  for i = 1, #all, 2 do
    local hour, family = string.match(all[i], '^(%d+):(.*)$')
    if hour then
      local start = tonumber(hour) * HOUR
      if start >= from and start < from + length and counts(scope, family) then
        sum = sum + tonumber(all[i + 1])
      end
    end
  end
  return sum
end

local function sum_of_hours(from, length, scope)
  local sum = 0
  for hour = math.floor(from / HOUR), math.floor((from + length) / HOUR) - 1 do
    local families = redis.call('HGETALL', SPENT .. whole(hour))
    for i = 1, #families, 2 do
      if counts(scope, families[i]) then
        sum = sum + tonumber(families[i + 1])
      end
    end
  end
  return sum
end

-- What was spent in a day or week. The sum that was asked for last is kept, and settling goes on with it.
local function spent_in(period, from, length, scope, remember)
  local kept = redis.call('HMGET', BOOK, period .. '.from', period .. '.scope', period .. '.sum')
  if kept[1] == whole(from) and kept[2] == scope then
    return tonumber(kept[3])
  end
  local sum = sum_of_hours(from, length, scope)
  if remember then
    redis.call('HSET', BOOK, period .. '.from', whole(from), period .. '.scope', scope, period .. '.sum', whole(sum))
  end
  return sum
end

local function spent_altogether()
  local sums = redis.call('HMGET', TOTAL, 'cost', 'beyond')
  return tonumber(sums[1] or '0') + tonumber(sums[2] or '0')
end

-- The budgets that count for a family, at a moment; ask says what they are.
local function budgets_at(at, family, ask, remember)
  local found = {}
  if ask.daily > 0 then
    local from = day_at(at, ask.zone)
    table.insert(found, {name = 'DAILY_BUDGET', value = ask.daily, ends = from + DAY,
      spent = spent_in('day', from, DAY, 'all', remember), reserved = reserved_in(from, DAY, 'all')})
  end
  if ask.total > 0 then
    table.insert(found, {name = 'TOTAL_BUDGET', value = ask.total,
      spent = spent_altogether(), reserved = reserved_altogether()})
  end
  if ask.weekly > 0 and counts(ask.scope, family) then
    local from = week_at(at, ask.zone, ask.shift)
    table.insert(found, {name = 'WEEKLY_BUDGET', value = ask.weekly, ends = from + WEEK,
      spent = spent_in('week', from, WEEK, ask.scope, remember), reserved = reserved_in(from, WEEK, ask.scope)})
  end
  return found
end

local function budgets_asked(first)
  return {
    daily = tonumber(ARGV[first]), total = tonumber(ARGV[first + 1]), weekly = tonumber(ARGV[first + 2]),
    scope = ARGV[first + 3], zone = tonumber(ARGV[first + 4]), shift = tonumber(ARGV[first + 5])
  }
end

-- The window that a request at a moment falls in.
local function window_at(at, length)
  local kept = redis.call('HMGET', BOOK, 'window.from', 'window.requests', 'window.tokens', 'window.cost')
  local from = tonumber(kept[1] or '')
  if from and from <= at and at < from + length then
    return {from = from, requests = tonumber(kept[2]), tokens = tonumber(kept[3]), cost = tonumber(kept[4])}
  end
  return {from = at, requests = 0, tokens = 0, cost = 0, begins = true}
end

local function running(at)
  return redis.call('ZCOUNT', RUNNING, '(' .. whole(at), '+inf')
end

-- A place that ran out may be another's from now on, even if the clock goes back.
local function give_up_places(at)
  local over = redis.call('ZRANGEBYSCORE', RUNNING, '-inf', whole(at), 'LIMIT', 0, MOST_PLACES_GIVEN_UP)
  if #over > 0 then
    redis.call('ZREM', RUNNING, unpack(over))
  end
end

-- Drops a lease with what is left of its reservation.
local function drop(exchange)
  local held = redis.call('HMGET', LEASE, 'at', 'family', 'reserved')
  if held[1] then
    reserve(tonumber(held[1]), held[2], -tonumber(held[3]))
  end
  redis.call('DEL', LEASE)
  redis.call('ZREM', RUNNING, exchange)
  redis.call('ZREM', LOST, LEASE)
end
