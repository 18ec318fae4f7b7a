-- What is told of accounts: of relays how long each text still stands, and the text; of the predecessor also the account. A mark
-- of its that never ends is none. KEYS: rests, index of its accounts. ARGV: the moment, prefix of its marks.
local AT_ONCE = 500
local at = moment(ARGV[1])
local found = {}
local told = redis.call('HGETALL', KEYS[1])
for i = 1, #told, 2 do
  local ends, text = string.match(told[i + 1], '^(%d+):(.*)$')
  if not ends or tonumber(ends) <= at then
    redis.call('HDEL', KEYS[1], told[i])
  else
    found[#found + 1] = {whole(tonumber(ends) - at), text}
  end
end
local accounts = redis.call('SMEMBERS', KEYS[2])
for first = 1, #accounts, AT_ONCE do
  local marks = {}
  for i = first, math.min(first + AT_ONCE - 1, #accounts) do
    marks[#marks + 1] = ARGV[2] .. accounts[i]
  end
  for i, text in ipairs(redis.call('MGET', unpack(marks))) do
    local left = text and redis.call('PTTL', marks[i]) or 0
    if left > 0 and teller(marks[i]) == '' then
      found[#found + 1] = {whole(left * 1000), text, accounts[first + i - 1]}
    end
  end
end
return found
