-- The sums of everything of a key by model. KEYS 1: the relay's own. Answers those as they are; and of each model that anybody used
-- within a year, and this key ever, its name in the predecessor's keys, the predecessor's figures, and its costs, in millionths alone.
local MONTHS = 12
local found, seen = {}, {}

local function read(model)
  if seen[model] then
    return
  end
  seen[model] = true
  local there = name_of('usage_model_total', ID, model)
  local figures, any = texts_of(there, FIGURES)
  if any then
    table.insert(found, model)
    append(found, figures)
    append(found, {'', ''})
    append(found, (texts_of(there, {'ratedCostMicro', 'realCostMicro'})))
  end
end

if ID ~= '' then
  for _, month in ipairs(names_until(moment(ARGV[1]), tonumber(ARGV[2]), 'monthly', MONTHS)) do
    for _, model in ipairs(members_of(name_of('models_of_period', 'monthly', month))) do
      read(model)
    end
  end
end
return {redis.call('HGETALL', KEYS[1]), found}
