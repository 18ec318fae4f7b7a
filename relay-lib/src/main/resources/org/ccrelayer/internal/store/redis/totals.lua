-- The sum of everything of somebody. KEYS 1: the relay's own. ARGV 5 and more: the names of its figures. Answers the relay's
-- figures, the predecessor's, and its costs: what counts, the price, and neither in millionths.
local OWN = {unpack(ARGV, 5)}
local there, names, counted, price

if KIND == 'everything' then
  there, names = name_of('usage_global'), FIGURES
elseif KIND == 'account' and ID ~= '' then
  there, names = name_of('account_usage_total', ID), TOTAL_FIGURES
elseif KIND == 'key' and ID ~= '' then
  there, names = name_of('usage_total', ID), TOTAL_FIGURES
  counted, price = name_of('cost_total', ID), name_of('real_cost_total', ID)
end
local found = texts_of(KEYS[1], OWN)
append(found, (texts_of(there, names or FIGURES)))
append(found, {text_in(counted), text_in(price), '', ''})
return found
