-- Adds an account, or writes what changed of it if nobody else changed it meanwhile.
-- KEYS: account, the relay's own, index, index's mark of emptiness, shared, index of the relay's own, groups, groups it is in,
--   an account of the same id that is not the relay's, what relays tell of rests, the predecessor's mark of a rest
-- ARGV: digest that was read (empty for a new account), the change as JSON, prefix of groups' members
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

local groups = redis.call('SMEMBERS', KEYS[7])
local change = cjson.decode(ARGV[2])
if ARGV[1] == '' then
  if redis.call('EXISTS', KEYS[1], KEYS[2], KEYS[9]) > 0 then
    return {'taken'}
  end
else
  local member = {}
  for _, group in ipairs(groups) do
    if redis.call('SISMEMBER', ARGV[3] .. group, change.id) == 1 then
      member[#member + 1] = group
    end
  end
  table.sort(member)
  local now = digest(redis.call('HGETALL', KEYS[1])) .. digest(redis.call('HGETALL', KEYS[2])) .. table.concat(member, ',')
  if now ~= ARGV[1] then
    return {'changed'}
  end
end
wake(KEYS[10], KEYS[11], change.id, change.reset == true)
if change.whole then
  redis.call('DEL', KEYS[1])
  redis.call('SREM', KEYS[3], change.id)
  redis.call('SREM', KEYS[5], change.id)
  redis.call('SADD', KEYS[6], change.id)
else
  for field, value in pairs(change.set) do
    redis.call('HSET', KEYS[1], field, value)
  end
  for _, field in ipairs(change.drop) do
    redis.call('HDEL', KEYS[1], field)
  end
  redis.call('SADD', KEYS[3], change.id)
  redis.call('DEL', KEYS[4])
  redis.call('SREM', KEYS[6], change.id)
  if change.shared == true then
    redis.call('SADD', KEYS[5], change.id)
  elseif change.shared == false then
    redis.call('SREM', KEYS[5], change.id)
  end
end
for field, value in pairs(change.own) do
  redis.call('HSET', KEYS[2], field, value)
end
for _, field in ipairs(change.ownDrop) do
  redis.call('HDEL', KEYS[2], field)
end
if not change.groups or change.whole then
  return {'done'}
end
local wanted = {}
for _, group in ipairs(change.groups) do
  wanted[group] = true
end
for _, group in ipairs(groups) do
  if wanted[group] then
    redis.call('SADD', ARGV[3] .. group, change.id)
    redis.call('SADD', KEYS[8], group)
    wanted[group] = nil
  else
    redis.call('SREM', ARGV[3] .. group, change.id)
    redis.call('SREM', KEYS[8], group)
  end
end
local rest = {}
for group in pairs(wanted) do
  rest[#rest + 1] = group
end
table.sort(rest)
if #rest > 0 then
  redis.call('HSET', KEYS[2], 'groups', cjson.encode(rest))
else
  redis.call('HDEL', KEYS[2], 'groups')
end
return {'done'}
