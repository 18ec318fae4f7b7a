-- What the scripts of a relay key's limits have in common. KEYS, the same for all of them:
local LEASE, RUNNING, LOST, RESERVED, BOOK, TOTAL, SPENT = unpack(KEYS)

local MOST_PLACES_GIVEN_UP = 1000

local function counts(scope, family)
  return scope == 'all' or family == '' or scope == family
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

-- What the predecessor spent in the week: its counter beyond what the relay spent in the same days, of any family.
local function week_there(at, ask, remember)
  local from = week_at(at, ask.calendar, ask.shift)
  return math.max(0, week_counted_there(at, ask) - spent_in('there', from, WEEK, 'all', remember))
end

local function spent_altogether()
  local sums = redis.call('HMGET', TOTAL, 'cost', 'beyond')
  return tonumber(sums[1] or '0') + tonumber(sums[2] or '0')
end

-- The budgets that count for a family, at a moment; ask says what they are. What the predecessor spent counts as well.
local function budgets_at(at, family, ask, remember)
  local found = {}
  if ask.daily > 0 then
    local from = day_at(at, ask.zone)
    table.insert(found, {name = 'DAILY_BUDGET', value = ask.daily, ends = from + DAY,
      spent = spent_in('day', from, DAY, 'all', remember) + day_there(at, ask), reserved = reserved_in(from, DAY, 'all')})
  end
  if ask.total > 0 then
    table.insert(found, {name = 'TOTAL_BUDGET', value = ask.total,
      spent = spent_altogether() + total_there(), reserved = reserved_altogether()})
  end
  if ask.weekly > 0 and counts(ask.scope, family) then
    local from = week_at(at, ask.zone, ask.shift)
    table.insert(found, {name = 'WEEKLY_BUDGET', value = ask.weekly, ends = from + WEEK,
      spent = spent_in('week', from, WEEK, ask.scope, remember) + week_there(at, ask, remember), reserved = reserved_in(from, WEEK, ask.scope)})
  end
  return found
end

local function budgets_asked(first)
  return {
    daily = tonumber(ARGV[first]), total = tonumber(ARGV[first + 1]), weekly = tonumber(ARGV[first + 2]),
    scope = ARGV[first + 3], zone = tonumber(ARGV[first + 4]), shift = tonumber(ARGV[first + 5]),
    calendar = tonumber(ARGV[first + 6])
  }
end

-- The window that a request at a moment falls in: the predecessor's if one runs, which holds what both counted. What the relay
-- counted is in there, so it is only looked at for what the predecessor lost.
local function window_at(at, length)
  local kept = redis.call('HMGET', BOOK, 'window.from', 'window.requests', 'window.tokens', 'window.cost', 'window.start')
  local from = tonumber(kept[1] or '')
  local runs = from and from <= at and at < from + length
  local there = window_there(at, length)
  if there and not (runs and kept[5] == whole(there.start)) then
    there.from, there.joins = math.min(there.start * 1000, at), true
    return there
  end
  if runs then
    there = there or {requests = 0, tokens = 0, cost = 0}
    return {
      from = from, start = kept[5], requests = math.max(tonumber(kept[2]), there.requests),
      tokens = math.max(tonumber(kept[3]), there.tokens), cost = math.max(tonumber(kept[4]), there.cost)
    }
  end
  return {from = at, requests = 0, tokens = 0, cost = 0, begins = true}
end

-- Counts a request in the window.
local function ask_in(window, at, length)
  if window.begins then
    begin_window_there(at, length)
    window.start = math.floor(at / 1000)
  else
    use_window_there(whole(window.start), 'INCRBY', 'requests', 1)
  end
  if window.begins or window.joins then
    redis.call('HSET', BOOK, 'window.from', whole(window.from), 'window.requests', 1, 'window.tokens', 0, 'window.cost', 0,
      'window.start', whole(window.start))
  else
    redis.call('HINCRBY', BOOK, 'window.requests', 1)
  end
end

-- Exchanges that run, the predecessor's included. A number below the limit may be too high, as that tells as much.
local function running(at, limit)
  local own = redis.call('ZCOUNT', RUNNING, '(' .. whole(at), '+inf')
  return own + running_there(at, limit - 1 - own)
end

-- A place that ran out may be another's from now on, even if the clock goes back.
local function give_up_places(at)
  local over = redis.call('ZRANGEBYSCORE', RUNNING, '-inf', whole(at), 'LIMIT', 0, MOST_PLACES_GIVEN_UP)
  if #over > 0 then
    redis.call('ZREM', RUNNING, unpack(over))
    leave_places_there(over)
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
  leave_places_there({exchange})
  redis.call('ZREM', LOST, LEASE)
end
