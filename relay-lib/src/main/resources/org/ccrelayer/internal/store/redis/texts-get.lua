-- Answers the text of each name; nothing where there is none.
local at = moment(ARGV[1])
local found = {}
for i = 2, #ARGV do
  local text = kept(ARGV[i], at)
  if text then
    asked(ARGV[i], at)
  end
  found[i - 1] = text or false
end
return found
