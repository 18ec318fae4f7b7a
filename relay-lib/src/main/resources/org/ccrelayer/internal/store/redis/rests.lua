-- What relays and the predecessor tell of accounts that rest. Fields of the relays' hash: account, family and who told it, each but
-- the last before a line feed; each text stands behind the moment at which it is over and a colon.

-- The relay that wrote a mark, empty where the predecessor did; and what Redis answered, as false where there is none.
local function teller(key)
  local text = redis.pcall('GET', key)
  if type(text) ~= 'string' then
    return nil, text
  end
  local readable, mark = pcall(cjson.decode, text)
  local relay = readable and type(mark) == 'table' and mark.relay
  return type(relay) == 'string' and relay or '', text
end

-- Forgets what relays told of an account, and with everything what the predecessor told.
local function wake(rests, cooldown, account, everything)
  local mine = account .. '\n'
  for _, field in ipairs(redis.call('HKEYS', rests)) do
    if string.sub(field, 1, #mine) == mine then
      redis.call('HDEL', rests, field)
    end
  end
  local relay = teller(cooldown)
  if relay and (everything or relay ~= '') then
    redis.call('DEL', cooldown)
  end
end
