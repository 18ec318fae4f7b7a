-- Forgets a text. Answers whether it was kept.
local at = moment(ARGV[1])
local was = kept(ARGV[2], at)
forget(ARGV[2])
return was and 1 or 0
