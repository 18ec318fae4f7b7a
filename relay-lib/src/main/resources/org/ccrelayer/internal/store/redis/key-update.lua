-- Writes what changed of a relay key, if nobody else changed it meanwhile.
-- KEYS: key, the relay's own, by name, active. ARGV: digest that was read, the change as JSON
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

if digest(redis.call('HGETALL', KEYS[1])) .. digest(redis.call('HGETALL', KEYS[2])) ~= ARGV[1] then
  return {'changed'}
end
local change = cjson.decode(ARGV[2])
for field, value in pairs(change.set) do
  redis.call('HSET', KEYS[1], field, value)
end
for field, value in pairs(change.own) do
  redis.call('HSET', KEYS[2], field, value)
end
for _, field in ipairs(change.ownDrop) do
  redis.call('HDEL', KEYS[2], field)
end
local left = redis.call('TTL', KEYS[1])
if left >= 0 and left < change.ttl then
  redis.call('EXPIRE', KEYS[1], change.ttl)
end
if change.name ~= change.formerName then
  redis.call('ZREM', KEYS[3], change.formerName)
  redis.call('ZADD', KEYS[3], 0, change.name)
end
if change.active == true then
  redis.call('SADD', KEYS[4], change.id)
elseif change.active == false then
  redis.call('SREM', KEYS[4], change.id)
end
return {'done'}
