-- The sums of somebody by period. KEYS 1: the index of the periods there are of the relay's own; 2: what the keys of their sums begin
-- with. ARGV 5: the length, as the predecessor names it; 6: how many periods it keeps behind the running one; 7 and more: the names
-- of the relay's figures. Answers of each period its name, the relay's figures, the predecessor's, and its costs: what counts, the
-- price, and both in millionths, of which it keeps those longer.
local LENGTH, OWN = ARGV[5], {unpack(ARGV, 7)}

local function usage_in(period)
  if KIND == 'everything' then
    return LENGTH ~= 'hourly' and name_of('usage_global_period', LENGTH, period) or nil
  elseif ID == '' then
    return nil
  elseif KIND == 'model' then
    return name_of('usage_of_model', LENGTH, ID, period)
  end
  return name_of(KIND == 'key' and 'usage_of_period' or 'account_usage_period', LENGTH, ID, period)
end

local function micros_in(period)
  local sums = {}
  for _, model in ipairs(members_of(name_of('models_of_period', LENGTH, period))) do
    local micros = texts_of(name_of('usage_model_period', ID, LENGTH, model, period), {'ratedCostMicro', 'realCostMicro'})
    for i, text in ipairs(micros) do
      local number = tonumber(text)
      sums[i] = number and (sums[i] or 0) + number or sums[i]
    end
  end
  return sums[1] and whole(sums[1]) or '', sums[2] and whole(sums[2]) or ''
end

local function costs_in(period)
  if KIND ~= 'key' then
    return {'', '', '', ''}
  end
  local counted = text_in(name_of('cost_period', LENGTH, ID, period))
  local price = LENGTH == 'daily' and text_in(name_of('real_cost_day', ID, period)) or ''
  if counted ~= '' and price ~= '' then
    return {counted, price, '', ''}
  end
  return {counted, price, micros_in(period)}
end

local found, seen = {}, {}
local function read(period)
  if seen[period] then
    return
  end
  seen[period] = true
  local own, any_own = texts_of(KEYS[2] .. period, OWN)
  local there, any_there = texts_of(usage_in(period), FIGURES)
  if any_own or any_there then
    table.insert(found, period)
    append(found, own)
    append(found, there)
    append(found, any_there and costs_in(period) or {'', '', '', ''})
  end
end

for _, period in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  read(period)
end
if ID ~= '' or KIND == 'everything' and LENGTH ~= 'hourly' then
  for _, period in ipairs(names_until(moment(ARGV[1]), tonumber(ARGV[2]), LENGTH, tonumber(ARGV[6]))) do
    read(period)
  end
end
return found
