-- What the predecessor keeps of a relay key's limits, and how it is read together with the relay's own. PATTERNS are its keys;
-- KEYS, behind those of the limits:
local KEY, TOLD = KEYS[8], KEYS[9]
local ID = string.match(KEY, ':(.*)$')
local OWN_PLACE = 'relay:'
local MOST_PLACES_LOOKED_AT = 10000

local MOST_NANO_USD = 1e18

-- Dollars as the predecessor writes them, in billionths: a billion dollars at most.
local function nano_usd(text)
  return math.max(0, math.min(MOST_NANO_USD, math.floor((tonumber(text or '') or 0) * 1e9 + 0.5)))
end

local function usd(nano)
  return string.format('%.0f.%09.0f', math.floor(nano / 1e9), nano % 1e9)
end

local function told_in(period)
  return period and TOLD .. ':' .. period or TOLD
end

-- What the predecessor itself counted: its counter without what the relay added. One that holds less began anew.
local function spent_there(counter, period)
  local kept = redis.call('MGET', counter, told_in(period))
  local all, told = nano_usd(kept[1]), tonumber(kept[2] or '0')
  if told > all + 1 then
    redis.call('DEL', told_in(period))
    return all
  end
  return math.max(0, all - told)
end

local function week_name(at, zone, shift)
  local date, hour = date_at(week_at(at, zone, shift), zone)
  return date .. 'T' .. hour
end

local function day_there(at, ask)
  local day = date_at(at, ask.calendar)
  return spent_there(name_of('cost_period', 'daily', ID, day), day)
end

-- The predecessor's counter of a week whole. It sets that anew from its usage, which the relay adds to as well: at its start, and when the
-- beginning of weeks changes. What of it is the relay's can therefore not be kept beside it.
local function week_counted_there(at, ask)
  return nano_usd(redis.call('GET', name_of('week_cost', ID, week_name(at, ask.calendar, ask.shift))))
end

local function total_there()
  return spent_there(name_of('cost_total', ID))
end

local function window_key(what)
  return name_of('window', what, ID)
end

-- The predecessor's window, if it runs. Its clock may be ahead of this one.
local function window_there(at, length)
  local kept = redis.call('MGET', window_key('window_start'), window_key('requests'), window_key('tokens'), window_key('cost'))
  local start = tonumber(kept[1] or '')
  if not start or start * 1000 + length <= at or start * 1000 - length >= at then
    return nil
  end
  return {
    start = start, requests = tonumber(kept[2] or '') or 0, tokens = tonumber(kept[3] or '') or 0, cost = nano_usd(kept[4])
  }
end

local function begin_window_there(at, length)
  local from, life = whole(math.floor(at / 1000)), milliseconds(length)
  redis.call('SET', window_key('window_start'), from, 'PX', life)
  redis.call('SET', window_key('requests'), 1, 'PX', life)
  redis.call('SET', window_key('tokens'), 0, 'PX', life)
  redis.call('SET', window_key('cost'), 0, 'PX', life)
end

-- Adds to the predecessor's window, if that is the one that began then. A count that ran out would never end if it were made again.
local function use_window_there(start, command, what, more)
  if not start or tonumber(more) == 0 then
    return
  end
  local kept = redis.call('MGET', window_key('window_start'), window_key(what))
  if kept[1] == start and kept[2] then
    redis.pcall(command, window_key(what), more)
  end
end

-- The predecessor's exchanges that run; the relay's own as well where counting all is not more than enough. What is not a sorted set
-- is an old form, which the predecessor removes.
local function running_there(at, enough)
  local places, now = name_of('places', ID), '(' .. whole(math.floor(at / 1000))
  local all = redis.pcall('ZCOUNT', places, now, '+inf')
  if type(all) == 'table' or all <= enough then
    return tonumber(all) or 0
  end
  local count = 0
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', places, now, '+inf', 'LIMIT', 0, MOST_PLACES_LOOKED_AT)) do
    if string.sub(member, 1, #OWN_PLACE) ~= OWN_PLACE then
      count = count + 1
    end
  end
  return count
end

-- Every step of its protocol begins so.
local function tidy_places_there(at)
  local places = name_of('places', ID)
  local answer = redis.pcall('ZREMRANGEBYSCORE', places, '-inf', whole(math.floor(at / 1000)))
  if type(answer) == 'table' then
    redis.call('DEL', places)
  end
end

local function take_place_there(at, exchange, ttl)
  local places = name_of('places', ID)
  tidy_places_there(at)
  local forever = redis.call('PTTL', places) == -1
  redis.call('ZADD', places, milliseconds(at + ttl), OWN_PLACE .. exchange)
  if not forever then
    outlive(places, math.max(ttl + 30000000, 60000000))
  end
end

local function leave_places_there(exchanges)
  local members = {}
  for i, exchange in ipairs(exchanges) do
    members[i] = OWN_PLACE .. exchange
  end
  redis.pcall('ZREM', name_of('places', ID), unpack(members))
end
