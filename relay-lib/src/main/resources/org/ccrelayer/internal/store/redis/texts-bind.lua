-- Keeps a text unless there is one already, which is answered.
local at = moment(ARGV[1])
local text, ttl, most, name = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local before = kept(name, at)
if before then
  asked(name, at)
  return before
end
keep(name, text, at, ttl)
tidy(at, most)
return false
