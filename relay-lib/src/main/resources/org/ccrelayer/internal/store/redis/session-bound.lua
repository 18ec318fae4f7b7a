-- Answers the account that a session is bound to; where it is not, the one that the predecessor has bound it to, or that this is
-- a consumer login. KEYS: texts, their names by when they were asked for, binding. ARGV: the moment, name, prefix of accounts.
local at = moment(ARGV[1])
local text = kept(ARGV[2], at)
if text then
  asked(ARGV[2], at)
  return {text}
end
local map = mapping()
if not map then
  return {}
end
if map.accountType == CONSOLE then
  return {known(map.accountId, ARGV[3])}
end
return {false, map.accountType == 'claude-official' and 'login' or 'other'}
