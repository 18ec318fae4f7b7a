-- Lets a text be kept for longer, or less long. Answers whether there is one.
local at = moment(ARGV[1])
local ttl, name = tonumber(ARGV[2]), ARGV[3]
local text = kept(name, at)
if not text then
  return 0
end
keep(name, text, at, ttl)
return 1
