-- Stands before every other script. Times are microseconds since 1970, amounts of money are billionths of a dollar; both are
-- whole numbers below 2^53, which Lua adds exactly.

-- The server's own clock, so that relays agree whatever theirs say; tests hand in another moment.
local function moment(given)
  if given ~= '0' then
    return tonumber(given)
  end
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000000 + tonumber(time[2])
end

-- A whole number as Redis takes it: Lua's own text of large ones has an exponent.
local function whole(number)
  return string.format('%.0f', number)
end

local function milliseconds(microseconds)
  return whole(math.max(1, math.ceil(microseconds / 1000)))
end

-- Lets a key live for as many microseconds at least.
local function outlive(key, microseconds)
  if redis.call('PTTL', key) * 1000 < microseconds then
    redis.call('PEXPIRE', key, milliseconds(microseconds))
  end
end
