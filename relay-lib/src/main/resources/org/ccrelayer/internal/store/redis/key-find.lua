-- The relay key with that hash, as in keys-read; nothing where there is none. An old index is taken over into the present one,
-- and a key that is in use does not run out. The relay's own never does: the predecessor renews its own record alone.
-- KEYS: map of hashes, old index of that hash. ARGV: hash, prefix of keys, prefix of the relay's own, life and least life in seconds
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

local id = redis.call('HGET', KEYS[1], ARGV[1])
local old = false
if not id then
  local answer = redis.pcall('HGET', KEYS[2], 'id')
  if type(answer) ~= 'string' or answer == '' then
    return {}
  end
  id = answer
  old = true
end
local fields = redis.call('HGETALL', ARGV[2] .. id)
if #fields == 0 then
  return {}
end
if old and redis.call('HGET', ARGV[2] .. id, 'isDeleted') ~= 'true' and redis.call('HGET', ARGV[2] .. id, 'apiKey') == ARGV[1] then
  redis.pcall('HSET', KEYS[1], ARGV[1], id)
end
local left = redis.call('TTL', ARGV[2] .. id)
if left >= 0 and left < tonumber(ARGV[5]) then
  redis.pcall('EXPIRE', ARGV[2] .. id, ARGV[4])
end
local own = redis.call('HGETALL', ARGV[3] .. id)
return {fields, own, digest(fields) .. digest(own)}
