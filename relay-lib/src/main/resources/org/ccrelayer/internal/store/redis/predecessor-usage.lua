-- Everything that the predecessor writes for a request, told of a row. It reads what is not there as 0, so nothing is written for that.
local DAYS = 86400
local LENGTHS = {'daily', 'monthly', 'hourly'}
local USAGE_KEPT = {hourly = 7 * DAYS, daily = 32 * DAYS, monthly = 365 * DAYS}
local COSTS_KEPT = {hourly = 7 * DAYS, daily = 30 * DAYS, monthly = 90 * DAYS}
local WEEKS_KEPT, RECORDS_KEPT, MINUTES_KEPT = 14 * DAYS, 90 * DAYS, 600
local MOST_RECORDS = 200
local THURSDAY = 4

-- Writes to a key and lets it live so long. What lives for ever goes on doing so, and a life that is less than a minute shorter than it
-- should be is let be.
local function kept(key, seconds, ...)
  local left = seconds and redis.call('PTTL', key)
  redis.call(...)
  if seconds and left ~= -1 and left < (seconds - 60) * 1000 then
    redis.call('EXPIRE', key, seconds)
  end
end

-- Figures by name, without those that are 0, as two lists.
local function figures_of(named, prefix, more)
  local list = more or {names = {}, values = {}}
  for name, value in pairs(named) do
    if value ~= 0 then
      table.insert(list.names, prefix .. name)
      table.insert(list.values, value)
    end
  end
  return list
end

local function raise(key, list, seconds)
  local held = redis.call('HMGET', key, unpack(list.names))
  local written = {}
  for i, name in ipairs(list.names) do
    written[2 * i - 1] = name
    written[2 * i] = whole((tonumber(held[i] or '') or 0) + list.values[i])
  end
  kept(key, seconds, 'HSET', key, unpack(written))
end

local function spend(key, nano, seconds)
  kept(key, seconds, 'INCRBYFLOAT', key, usd(nano))
end

-- As spend, for a counter that limits look at: beside it stands what the relay added.
local function spend_told(key, nano, period, seconds)
  if redis.call('EXISTS', key) == 0 then
    redis.call('DEL', told_in(period))
  end
  spend(key, nano, seconds)
  kept(told_in(period), seconds, 'INCRBY', told_in(period), whole(nano))
end

-- The forms in which the predecessor counts the same.
local function forms_of(row)
  local create = row.write5m + row.write1h
  local all = row.input + row.output + create + row.read
  local each = {
    inputTokens = row.input, outputTokens = row.output, cacheCreateTokens = create, cacheReadTokens = row.read,
    ephemeral5mTokens = row.write5m, ephemeral1hTokens = row.write1h, requests = 1
  }
  local totals = {}
  for name, value in pairs(each) do
    totals['total' .. string.upper(string.sub(name, 1, 1)) .. string.sub(name, 2)] = value
  end
  totals.totalTokens, totals.totalAllTokens = row.input + row.output, all
  local micros = {realCostMicro = math.floor(row.cost / 1000 + 0.5), ratedCostMicro = math.floor(row.counted / 1000 + 0.5)}
  local minute = {
    requests = 1, totalTokens = all, inputTokens = row.input, outputTokens = row.output, cacheCreateTokens = create,
    cacheReadTokens = row.read
  }
  local always = figures_of(micros, '', figures_of(each, ''))
  each.allTokens = all
  local function more(...)
    local list = figures_of(each, '')
    for _, named in ipairs({...}) do
      figures_of(named, '', list)
    end
    return list
  end
  local with_tokens = {tokens = row.input + row.output}
  return {
    each = more(), counted = more(with_tokens), costed = more(micros), always = always, totals = figures_of(totals, ''),
    minute = figures_of(minute, ''), hour = figures_of(each, 'model:' .. row.model .. ':', more(with_tokens))
  }
end

local function tell_usage(row, forms, periods)
  raise(name_of('usage_total', ID), forms.totals)
  raise(name_of('usage_model_total', ID, row.model), forms.always)
  raise(name_of('usage_global'), forms.each)
  raise(name_of('usage_minute', whole(math.floor(row.at / 60000000))), forms.minute, MINUTES_KEPT)
  for _, length in ipairs(LENGTHS) do
    local period, life = periods[length], USAGE_KEPT[length]
    raise(name_of('usage_of_period', length, ID, period), forms.counted, life)
    raise(name_of('usage_of_model', length, row.model, period), forms.each, life)
    raise(name_of('usage_model_period', ID, length, row.model, period), forms.costed, life)
    if length ~= 'hourly' then
      raise(name_of('usage_global_period', length, period), forms.each, life)
    end
  end
end

local function tell_account(row, forms, periods)
  raise(name_of('account_usage_total', row.account), forms.totals)
  for _, length in ipairs(LENGTHS) do
    local period, life = periods[length], USAGE_KEPT[length]
    raise(name_of('account_usage_period', length, row.account, period), length == 'hourly' and forms.hour or forms.counted, life)
    raise(name_of('account_usage_model', length, row.account, row.model, period), forms.each, life)
  end
end

-- Each index has a mark that says that it is empty.
local function tell_indexes(row, periods, known)
  local marks = {}
  local function list(member, seconds, ...)
    local index = name_of(...)
    kept(index, seconds, 'SADD', index, member)
    table.insert(marks, name_of('index_empty', index))
  end
  for _, length in ipairs(LENGTHS) do
    local period, life = periods[length], USAGE_KEPT[length]
    list(row.model, life, 'models_of_period', length, period)
    if length ~= 'monthly' then
      list(ID, life, 'keys_of_period', length, period)
      list(ID .. ':' .. row.model, life, 'key_models_of_period', length, period)
      if known then
        list(row.account, life, 'accounts_of_period', length, period)
        list(row.account .. ':' .. row.model, life, 'account_models_of_period', length, period)
      end
    end
  end
  list(periods.monthly, nil, 'model_months')
  redis.call('DEL', unpack(marks))
end

local function tell_costs(row, periods, week)
  if row.counted > 0 then
    spend_told(name_of('cost_total', ID), row.counted)
    spend_told(name_of('cost_period', 'daily', ID, periods.daily), row.counted, periods.daily, COSTS_KEPT.daily)
    spend(name_of('week_cost', ID, week), row.counted, WEEKS_KEPT)
    spend(name_of('week_cost_total', ID), row.counted)
    for _, length in ipairs({'monthly', 'hourly'}) do
      spend(name_of('cost_period', length, ID, periods[length]), row.counted, COSTS_KEPT[length])
    end
  end
  if row.cost > 0 then
    spend(name_of('real_cost_total', ID), row.cost)
    spend(name_of('real_cost_day', ID, periods.daily), row.cost, COSTS_KEPT.daily)
    spend(name_of('real_week_cost_total', ID), row.cost)
    spend(name_of('real_week_cost', ID, week), row.cost, WEEKS_KEPT)
  end
end

local function within(text, least, most, otherwise)
  local number = tonumber(text or '')
  return number and number >= least and number <= most and math.floor(number) or otherwise
end

-- The week of a moment by what the key's record says of its weeks, and that the key was used.
local function use_key(row)
  local held = redis.call('HMGET', KEY, 'id', 'weeklyResetDay', 'weeklyResetHour')
  if held[1] then
    redis.call('HSET', KEY, 'lastUsedAt', text_of(row.at))
    redis.call('ZADD', PATTERNS.keys_by_use, 'XX', 'GT', whole(math.floor(row.at / 1000)), ID)
  end
  local days = (within(held[2], 1, 7, 1) - THURSDAY) % 7
  return week_name(row.admitted, row.zone, days * DAY + within(held[3], 0, 23, 0) * HOUR)
end

-- Tells of a row whose exchange was let in at row.admitted, which decides the hour, day, week and month. An account that the
-- predecessor does not know is not told of.
local function tell_predecessor(row)
  local day, hour = date_at(row.admitted, row.zone)
  local periods = {daily = day, monthly = string.sub(day, 1, 7), hourly = day .. ':' .. hour}
  local account = name_of('console', row.account)
  local known = redis.call('EXISTS', account) == 1
  local forms = forms_of(row)
  tell_costs(row, periods, use_key(row))
  tell_usage(row, forms, periods)
  if known then
    redis.call('HSET', account, 'lastUsedAt', text_of(row.at))
    tell_account(row, forms, periods)
  end
  tell_indexes(row, periods, known)
  local records = name_of('usage_records', ID)
  local record = row.record .. ',"accountType":"' .. (known and 'claude-console' or 'unknown') .. '"}'
  kept(records, RECORDS_KEPT, 'LPUSH', records, record)
  redis.call('LTRIM', records, 0, MOST_RECORDS - 1)
end
