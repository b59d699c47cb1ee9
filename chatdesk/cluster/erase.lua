-- Takes what was said in a room whose history was deleted out of the stream, a part at a time, and notes in `erased` that
-- there was something. It begins a while after the deletion: all nodes that are there have followed it by then.
--
-- What is deleted from a stream stays in its memory, and in its file, beside what is not. So all else is copied, but what
-- another program has written, and the copy takes the place of the stream.
--
-- KEYS: stream, erased, erasing, about, copy
-- ARGV: how many entries to look at, and how many milliseconds after the deletion to begin
-- Returns how many rooms are left, and 1 if the copy has just taken the place of the stream.

local stream, erased, erasing, about, copy = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local newest = redis.call('HGET', about, 'number')

local function next_room() -- the one that is being erased, or one whose time has come
  local found, rooms = nil, redis.call('HGETALL', erasing)
  for i = 1, #rooms, 2 do
    local before, at, from = string.match(rooms[i + 1], '^(%d+) (%d+) (%d+)$')
    if not from then
      redis.call('HDEL', erasing, rooms[i]) -- another program has written it
    else
      local room = { name = rooms[i], before = tonumber(before), at = tonumber(at), from = tonumber(from) }
      if room.from > 0 then
        return room
      elseif now < room.at or now - room.at >= tonumber(ARGV[2]) then -- the clock may have been set back
        found = room
      end
    end
  end
  return found
end

local room = next_room()
if not room or not newest then
  return { redis.call('HLEN', erasing), 0 }
end
if room.from == 0 or redis.call('EXISTS', copy) == 0 then -- also if somebody has deleted it meanwhile
  redis.call('DEL', copy)
  redis.call('XADD', copy, '0-1', 'entry', '')
  redis.call('XDEL', copy, '0-1') -- a stream without entries is there, too
  room.from = 1
end
local entries = redis.call('XRANGE', stream, string.format('%d-0', room.from), newest .. '-0', 'COUNT', ARGV[1])
for _, entry in ipairs(entries) do
  local number, fields = tonumber(string.match(entry[1], '^(%d+)')), entry[2]
  local head, operation = string.match(fields[2] or '', '^(%d+ %d+ %d+ %S+ )(.*)$')
  local known, decoded = pcall(cjson.decode, number < room.before and operation)
  if known and type(decoded) == 'table' and (decoded.held_room or decoded.room) == room.name then
    redis.call('HSET', erased, number, head .. cjson.encode({ ['do'] = 'erased', room = decoded.room }))
  elseif string.find(entry[1], '-0', 1, true) and #fields == 2 then
    local added = redis.pcall('XADD', copy, entry[1], fields[1], fields[2])
    if type(added) == 'table' and added.err then
      redis.call('DEL', copy) -- it is made again, by and by
      return { redis.call('HLEN', erasing), 0 }
    end
  end
  room.from = number + 1
end
if #entries == tonumber(ARGV[1]) then
  redis.call('HSET', erasing, room.name, string.format('%d %d %d', room.before, room.at, room.from))
  return { redis.call('HLEN', erasing), 0 }
end
redis.call('UNLINK', stream) -- by another thread: it takes 100 ms for 100,000 entries
redis.call('RENAME', copy, stream)
redis.call('HDEL', erasing, room.name)
return { redis.call('HLEN', erasing), 1 }
