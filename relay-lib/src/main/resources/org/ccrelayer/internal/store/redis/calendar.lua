-- Hours, days and weeks, in zones that are given as microseconds.
local HOUR = 3600000000
local DAY = 24 * HOUR
local WEEK = 7 * DAY

local function day_at(at, zone)
  return math.floor((at + zone) / DAY) * DAY - zone
end

-- Weeks begin so long after one of the days on which 1970 began, in the zone.
local function week_at(at, zone, shift)
  return math.floor((at + zone - shift) / WEEK) * WEEK + shift - zone
end

-- The date of a moment, such as 2026-11-22, and the hour of its day, such as 09. Years are counted from March, whose months
-- repeat every five.
local function date_at(at, zone)
  local hours = math.floor((at + zone) / HOUR)
  local days = math.floor(hours / 24) + 719468
  local era = math.floor(days / 146097)
  local in_era = days - era * 146097
  local year = math.floor((in_era - math.floor(in_era / 1460) + math.floor(in_era / 36524) - math.floor(in_era / 146096)) / 365)
  local in_year = in_era - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  local month = math.floor((5 * in_year + 2) / 153)
  local day = in_year - math.floor((153 * month + 2) / 5) + 1
  local january = month >= 10
  return string.format('%04d-%02d-%02d', year + era * 400 + (january and 1 or 0), month + (january and -9 or 3), day),
    string.format('%02d', hours % 24)
end

-- A moment as the predecessor writes it, such as 2026-11-22T09:00:00.000Z.
local function text_of(at)
  local date, hour = date_at(at, 0)
  local left = math.floor(at / 1000) % 3600000
  return string.format('%sT%s:%02d:%02d.%03dZ', date, hour, math.floor(left / 60000), math.floor(left / 1000) % 60, left % 1000)
end
