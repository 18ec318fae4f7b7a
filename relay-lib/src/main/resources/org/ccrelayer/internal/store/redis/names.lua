-- A key of the predecessor, whose PATTERNS stand before this.
local function name_of(pattern, ...)
  return string.format(PATTERNS[pattern], ...)
end
