-- Answers the account of a session; where it is not kept, the one that the predecessor has it with. What relays wrote there
-- belongs to sessions of some relay key, and is none of another's business.
-- KEYS: texts, their names by when they were asked for, mapping, mapping in old records. ARGV: the moment, name, prefix of accounts.
local at = moment(ARGV[1])
local text = kept(ARGV[2], at)
if text then
  asked(ARGV[2], at)
  return text
end
local map = mapping()
if map then
  return map.accountType == CONSOLE and not map.relay and known(map.accountId, ARGV[3])
end
return known(redis.pcall('GET', KEYS[4]), ARGV[3])
