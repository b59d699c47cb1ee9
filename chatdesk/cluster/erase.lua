-- Takes what was said in a room whose history was deleted out of the stream, a part at a time, and notes in `erased` that
-- there was something. It begins a while after the deletion: all nodes that are there have followed it by then.
--
-- KEYS: stream, erased, erasing
-- ARGV: how many entries to look at, and how many milliseconds after the deletion to begin
-- Returns how many rooms are left.

local erasing = redis.call('HGETALL', KEYS[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function erase(room, before, from)
  local entries = redis.call('XRANGE', KEYS[1], from .. '-0', string.format('(%d-0', before), 'COUNT', ARGV[1])
  local last = from
  for _, entry in ipairs(entries) do
    local number = string.match(entry[1], '^(%d+)')
    local head, operation = string.match(entry[2][2] or '', '^(%d+ %d+ %d+ %S+ )(.*)$')
    local known, decoded = pcall(cjson.decode, operation)
    if known and type(decoded) == 'table' and (decoded.held_room or decoded.room) == room then
      redis.call('HSET', KEYS[2], number, head .. cjson.encode({ ['do'] = 'erased', room = decoded.room }))
      redis.call('XDEL', KEYS[1], entry[1])
    end
    last = number
  end
  return #entries == tonumber(ARGV[1]) and last + 1
end

for i = 1, #erasing, 2 do
  local room = erasing[i]
  local before, at, from = string.match(erasing[i + 1], '^(%d+) (%d+) (%d+)$')
  if now - at >= tonumber(ARGV[2]) then
    local next_from = erase(room, before, math.max(1, from))
    if next_from then
      redis.call('HSET', KEYS[3], room, string.format('%d %d %d', before, at, next_from))
    else
      redis.call('HDEL', KEYS[3], room)
    end
    break
  end
end
return redis.call('HLEN', KEYS[3])
