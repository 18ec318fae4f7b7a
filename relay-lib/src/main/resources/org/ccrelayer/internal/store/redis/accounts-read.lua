-- Accounts: for each its id, fields, the relay's own fields, the predecessor's groups it is in, and a digest. Without ids, all.
-- KEYS: index, index of the relay's own, groups. ARGV: prefixes of accounts, of the relay's own and of groups' members, ids...
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

local ids = {}
if #ARGV > 3 then
  for i = 4, #ARGV do
    ids[#ids + 1] = ARGV[i]
  end
else
  for _, id in ipairs(redis.call('SUNION', KEYS[1], KEYS[2])) do
    ids[#ids + 1] = id
  end
end
local groups = redis.call('SMEMBERS', KEYS[3])
local found = {}
for _, id in ipairs(ids) do
  local fields = redis.call('HGETALL', ARGV[1] .. id)
  local own = redis.call('HGETALL', ARGV[2] .. id)
  local member = {}
  for _, group in ipairs(groups) do
    if redis.call('SISMEMBER', ARGV[3] .. group, id) == 1 then
      member[#member + 1] = group
    end
  end
  table.sort(member)
  found[#found + 1] = {id, fields, own, member, digest(fields) .. digest(own) .. table.concat(member, ',')}
end
return found
