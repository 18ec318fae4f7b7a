-- The relay keys with those ids: for each its fields, the relay's own fields, and their digest.
-- KEYS: none. ARGV: prefix of keys, prefix of the relay's own, ids...
-- Tells by a hash what a record holds; when it was last used does not matter.
local function digest(fields)
  local names, values, parts = {}, {}, {}
  for i = 1, #fields, 2 do
    if fields[i] ~= 'lastUsedAt' then
      names[#names + 1] = fields[i]
      values[fields[i]] = fields[i + 1]
    end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    parts[#parts + 1] = #name .. ':' .. name .. #values[name] .. ':' .. values[name]
  end
  return redis.sha1hex(table.concat(parts))
end

local found = {}
for i = 3, #ARGV do
  local fields = redis.call('HGETALL', ARGV[1] .. ARGV[i])
  local own = redis.call('HGETALL', ARGV[2] .. ARGV[i])
  found[#found + 1] = {fields, own, digest(fields) .. digest(own)}
end
return found
