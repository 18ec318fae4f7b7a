-- What the relay and the predecessor counted of the same, side by side; nothing is written. Every script takes ARGV 1: the moment;
-- 2: the zone; 3: whom of; 4: its name, empty where the predecessor has none for it. PATTERNS stand before this.
local KIND, ID = ARGV[3], ARGV[4]
local MOST_MODELS = 100
local FIGURES = {
  'requests', 'inputTokens', 'outputTokens', 'cacheCreateTokens', 'cacheReadTokens', 'ephemeral5mTokens', 'ephemeral1hTokens'
}
local TOTAL_FIGURES = {}
for i, name in ipairs(FIGURES) do
  TOTAL_FIGURES[i] = 'total' .. string.upper(string.sub(name, 1, 1)) .. string.sub(name, 2)
end

-- Texts in the order of the names, empty where there are none; and whether there are any. A key of another type has none.
local function texts_of(hash, names)
  local kept = hash and redis.pcall('HMGET', hash, unpack(names)) or {}
  local texts, any = {}, false
  for i = 1, #names do
    texts[i] = kept[i] or ''
    any = any or texts[i] ~= ''
  end
  return texts, any
end

local function text_in(key)
  local text = key and redis.pcall('GET', key)
  return type(text) == 'string' and text or ''
end

local function append(list, more)
  for _, each in ipairs(more) do
    table.insert(list, each)
  end
end

-- The names of an index that is not too long to be gone through.
local function members_of(index)
  local number = redis.pcall('SCARD', index)
  if type(number) ~= 'number' or number > MOST_MODELS then
    return {}
  end
  return redis.call('SMEMBERS', index)
end

-- The names of the running hour, day or month and of as many before it.
local function names_until(at, zone, length, before)
  local names = {}
  local year, month = string.match(date_at(at, zone), '^(%d+)-(%d+)')
  for back = 0, before do
    if length == 'monthly' then
      local months = year * 12 + month - 1 - back
      names[back + 1] = string.format('%04d-%02d', math.floor(months / 12), months % 12 + 1)
    else
      local date, hour = date_at(at - back * (length == 'hourly' and HOUR or DAY), zone)
      names[back + 1] = length == 'hourly' and date .. ':' .. hour or date
    end
  end
  return names
end
