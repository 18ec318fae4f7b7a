-- Books an open row in a terminal state, once, and adds it to every sum. Answers whether it was booked, 2 if it was and
-- the predecessor could not be told, or 3 if there is no such row. KEYS 10: the rows of its exchange; 11: the sums by model of its key; 12 and more: the sums of
-- everybody that it counts for.
local ROWS, MODELS = KEYS[10], KEYS[11]
local at = moment(ARGV[1])
local exchange, row, text, only_lost = ARGV[2], ARGV[3], ARGV[4], ARGV[5] == '1'
local counted, admitted, family, model = ARGV[6] == '1', tonumber(ARGV[7]), ARGV[8], ARGV[9]
local figures = {
  attempts = ARGV[10], input = ARGV[11], output = ARGV[12], write5m = ARGV[13], write1h = ARGV[14], read = ARGV[15],
  cost = ARGV[16], beyond = ARGV[17]
}
-- amount: what limits count of the cost.
local tokens, calendar, amount = ARGV[18], tonumber(ARGV[19]), ARGV[20]
local counted_cost, account, model_there, record = tonumber(amount), ARGV[21], ARGV[22], ARGV[23]
local FIRST_PERIOD, PERIOD_ARGUMENTS = 24, 5

local open = redis.call('HGET', ROWS, row)
if not open then
  return 3
end
local state = string.sub(open, 1, 1)
if state ~= 'R' and state ~= 'S' then
  return 0
end
if only_lost then
  local lost = redis.call('ZSCORE', LOST, LEASE)
  if lost and tonumber(lost) > at then
    return 0
  end
end
redis.call('HSET', ROWS, row, text)

local function add(sums, behind)
  for name, more in pairs(figures) do
    if more ~= '0' then
      redis.call('HINCRBY', sums, name .. behind, more)
    end
  end
end

-- A period's sums, and the index that lists the periods there are, from which those are dropped that are over.
local function add_to_period(whose, first)
  local name, suffix, index = ARGV[first], ARGV[first + 1], whose .. ARGV[first + 2]
  local from, kept = tonumber(ARGV[first + 3]), tonumber(ARGV[first + 4])
  if from + kept <= at then
    return
  end
  local sums = whose .. suffix
  local fresh = redis.call('EXISTS', sums) == 0
  add(sums, '')
  if fresh then
    redis.call('PEXPIRE', sums, milliseconds(from + kept - at))
    redis.call('ZADD', index, whole(from), name)
    redis.call('ZREMRANGEBYSCORE', index, '-inf', whole(at - kept))
    outlive(index, from + kept - at)
  end
end

local function add_to_budget(period, length)
  local kept = redis.call('HMGET', BOOK, period .. '.from', period .. '.scope')
  local from = tonumber(kept[1] or '')
  if from and admitted >= from and admitted < from + length and counts(kept[2], family) then
    redis.call('HINCRBY', BOOK, period .. '.sum', amount)
  end
end

if counted then
  for i = 12, #KEYS do
    add(KEYS[i], '')
    for first = FIRST_PERIOD, #ARGV, PERIOD_ARGUMENTS do
      add_to_period(KEYS[i], first)
    end
  end
  add(MODELS, ':' .. model)
  if amount ~= '0' then
    local hour = math.floor(admitted / HOUR)
    redis.call('HINCRBY', SPENT .. whole(hour), family, amount)
    outlive(SPENT .. whole(hour), (hour + 1) * HOUR + 9 * DAY - at)
    add_to_budget('day', DAY)
    add_to_budget('week', WEEK)
    add_to_budget('there', WEEK)
  end
  local window = redis.call('HMGET', BOOK, 'window.from', 'window.start')
  if window[1] and admitted >= tonumber(window[1]) then
    redis.call('HINCRBY', BOOK, 'window.tokens', tokens)
    redis.call('HINCRBY', BOOK, 'window.cost', amount)
    use_window_there(window[2], 'INCRBY', 'tokens', tokens)
    use_window_there(window[2], 'INCRBYFLOAT', 'cost', usd(counted_cost))
  end
end

local held = redis.call('HMGET', LEASE, 'at', 'family', 'reserved', 'away')
if held[1] then
  local taken = counted and math.min(tonumber(amount), tonumber(held[3])) or 0
  if taken > 0 then
    redis.call('HINCRBY', LEASE, 'reserved', whole(-taken))
    reserve(tonumber(held[1]), held[2], -taken)
  end
  if redis.call('HDEL', LEASE, 'row:' .. row) == 1
      and redis.call('HINCRBY', LEASE, 'open', -1) == 0 and held[4] then
    drop(exchange)
  end
end
if counted then
  local told = pcall(tell_predecessor, {
    at = at, admitted = admitted, zone = calendar, account = account, model = model_there, record = record, cost = tonumber(ARGV[16]),
    counted = counted_cost, input = tonumber(ARGV[11]), output = tonumber(ARGV[12]), write5m = tonumber(ARGV[13]),
    write1h = tonumber(ARGV[14]), read = tonumber(ARGV[15])
  })
  return told and 1 or 2
end
return 1
