-- Keeps a text under each of several names, unless one stands there already for long enough.
local at = moment(ARGV[1])
local text, ttl, slack, most = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
for i = 6, #ARGV do
  local before, ends = kept(ARGV[i], at)
  if slack > 0 and before == text and ends > at + ttl - slack then
    asked(ARGV[i], at)
  else
    keep(ARGV[i], text, at, ttl)
    tidy(at, most)
  end
end
return 1
