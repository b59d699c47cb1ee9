-- Gives operations their places in the order of all rooms. An operation whose key is known has one already.
--
-- KEYS: about, seqs, changes, stream, keys: (the beginning of the names of the hashes of keys), erasing, erased, moved
-- ARGV: the server id, how many entries to keep, and the operations in MessagePack: of each its key, its room, how many
--       messages and how many changes it adds to the room (1 or 0; -1 messages: the room is empty), and itself as text.
-- Returns for each operation its number, in MessagePack; negative where it was ordered before.

local about, seqs, changes, stream, moved = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[8]
if redis.call('HGET', about, 'server_id') ~= ARGV[1] then
  return redis.error_reply('OTHERCHAT this is the order of another chat')
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local at = math.max(now, tonumber(redis.call('HGET', about, 'at') or 0)) -- a clock may have been set back
local number = tonumber(redis.call('HGET', about, 'number') or 0)
if now < tonumber(redis.call('HGET', about, 'settled') or 0) then
  return redis.error_reply('SETTLING the nodes are not back yet')
end
local week = math.floor(at / 604800000)
local this_week, last_week = KEYS[5] .. week, KEYS[5] .. (week - 1)

local function move_entries()
  local from = '-'
  redis.call('DEL', moved)
  repeat
    local entries = redis.call('XRANGE', stream, from, '+', 'COUNT', 500)
    for _, entry in ipairs(entries) do
      redis.call('XADD', moved, entry[1], unpack(entry[2]))
      from = '(' .. entry[1]
    end
  until #entries == 0
  redis.call('DEL', stream)
  if redis.call('EXISTS', moved) == 1 then
    redis.call('RENAME', moved, stream)
  end
end

local function remove_foreign_entries()
  for _, entry in ipairs(redis.call('XRANGE', stream, string.format('(%d-0', number), '+')) do
    redis.call('XDEL', stream, entry[1])
  end
  if redis.pcall('XSETID', stream, string.format('%d-0', number)).err then
    move_entries() -- newer engines go back behind no entry that was taken out of a stream
  end
end

local function add(id, text)
  return redis.pcall('XADD', stream, 'MAXLEN', '~', ARGV[2], id, 'entry', text)
end

local numbers, was_erased = {}, redis.call('EXISTS', KEYS[7]) == 1
for _, row in ipairs(cmsgpack.unpack(ARGV[3])) do
  local key, room, messages, made, operation = row[1], row[2], row[3], row[4], row[5]
  local known = redis.call('HGET', this_week, key) or redis.call('HGET', last_week, key)
  if known then
    numbers[#numbers + 1] = -tonumber(known)
  else
    local seq, change = 0, 0
    if messages >= 0 then
      seq = tonumber(redis.call('HGET', seqs, room) or 0) + messages
      change = tonumber(redis.call('HGET', changes, room) or 0) + made
    end
    local id = string.format('%d-0', number + 1)
    local text = string.format('%d %d %d %s ', seq, change, at, key) .. operation
    local added = add(id, text)
    if type(added) == 'table' and added.err and string.find(added.err, 'OOM', 1, true) then
      return added
    end
    if type(added) == 'table' and added.err then -- somebody else has written to the stream
      remove_foreign_entries()
      added = add(id, text)
      if type(added) == 'table' and added.err then
        return added
      end
    end
    number = number + 1
    if was_erased then -- the stream reaches no further back
      redis.call('HDEL', KEYS[7], number - ARGV[2])
    end
    redis.call('HSET', seqs, room, seq)
    redis.call('HSET', changes, room, change)
    if messages < 0 then
      redis.call('HSET', KEYS[6], room, string.format('%d %d 0', number, at))
    end
    redis.call('HSET', this_week, key, number)
    redis.call('HSET', about, 'number', number, 'at', at)
    numbers[#numbers + 1] = number
  end
end
redis.call('EXPIRE', this_week, 1814400)
return cmsgpack.pack(numbers)
