-- What the predecessor keeps in JSON; KEYS[3] is where.
local CONSOLE = 'claude-console'

-- What is there, where that can be read; and what Redis answered: false where there is nothing, a table where there is something else.
local function mapping()
  local text = redis.pcall('GET', KEYS[3])
  if type(text) ~= 'string' then
    return nil, text
  end
  local readable, map = pcall(cjson.decode, text)
  return readable and type(map) == 'table' and map or nil, text
end

-- The account, if it is one of the predecessor's API-key accounts.
local function known(account, prefix)
  return type(account) == 'string' and redis.call('EXISTS', prefix .. account) == 1 and account or false
end
