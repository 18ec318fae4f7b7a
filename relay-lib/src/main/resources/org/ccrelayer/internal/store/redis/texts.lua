-- Texts by name, each for a time, of which a bounded number is kept. KEYS: the texts, each behind the moment at which it is over
-- and a colon; their names by when they were asked for or kept last.
local TEXTS, ASKED = KEYS[1], KEYS[2]
local LOOKED_AT, MOST_DROPPED = 2, 10

-- What is kept of a name: its text and when it is over.
local function kept(name, at)
  local entry = redis.call('HGET', TEXTS, name)
  if not entry then
    return nil
  end
  local ends, text = string.match(entry, '^(%d+):(.*)$')
  if tonumber(ends) <= at then
    return nil
  end
  return text, tonumber(ends)
end

local function forget(name)
  redis.call('ZREM', ASKED, name)
  return redis.call('HDEL', TEXTS, name)
end

local function asked(name, at)
  redis.call('ZADD', ASKED, whole(at), name)
end

local function keep(name, text, at, ttl)
  redis.call('HSET', TEXTS, name, whole(at + ttl) .. ':' .. text)
  asked(name, at)
  outlive(TEXTS, ttl)
  outlive(ASKED, ttl)
end

-- Drops what was asked for longest ago where there are too many, and what is over of a few that chance picks.
local function tidy(at, most)
  local over = redis.call('ZCARD', ASKED) - most
  if over > 0 then
    for _, name in ipairs(redis.call('ZRANGE', ASKED, 0, math.min(over, MOST_DROPPED) - 1)) do
      forget(name)
    end
  end
  for _, name in ipairs(redis.call('ZRANDMEMBER', ASKED, LOOKED_AT)) do
    if not kept(name, at) then
      forget(name)
    end
  end
end
