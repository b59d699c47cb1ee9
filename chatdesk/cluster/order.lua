-- Gives operations their places in the order of all rooms. An operation whose key is known has one already.
--
-- KEYS: about, seqs, changes, stream, keys: (the beginning of the names of the hashes of keys), erasing, erased
-- ARGV: the server id, how many entries to keep, and the operations in MessagePack: of each its key, its room, how many
--       messages and how many changes it adds to the room (1 or 0; -1 messages: the room is empty), and itself as text;
--       a thousand operations at most, as many as Lua can give to one call; and up to which number the node has followed.
-- Returns for each operation its number, in MessagePack; negative where it was ordered before.

local about, seqs, changes = KEYS[1], KEYS[2], KEYS[3]
if redis.call('HGET', about, 'server_id') ~= ARGV[1] then
  return redis.error_reply('OTHERCHAT this is the order of another chat')
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local at = math.max(now, tonumber(redis.call('HGET', about, 'at') or 0)) -- a clock may have been set back
local number = tonumber(redis.call('HGET', about, 'number') or 0)
if number < tonumber(ARGV[4]) then
  return redis.error_reply('LOST what the node has followed is not there any more')
end
if now < tonumber(redis.call('HGET', about, 'settled') or 0) then
  return redis.error_reply('SETTLING the nodes are not back yet')
end
if number > 0 and redis.call('EXISTS', seqs, changes) < 2 then
  return redis.error_reply('LOST the numbers of the rooms are not there any more')
end
local week = math.floor(at / 604800000)
local this_week, last_week = KEYS[5] .. week, KEYS[5] .. (week - 1)

-- A call costs more than anything else here: so what all operations have in common is read and written by one each.
local rows, keys, numbers_by_key = cmsgpack.unpack(ARGV[3]), {}, {}
for i, row in ipairs(rows) do
  keys[i] = row[1]
end
for _, hash in ipairs({ last_week, this_week }) do
  for i, known in ipairs(redis.call('HMGET', hash, unpack(keys))) do
    numbers_by_key[keys[i]] = tonumber(known) or numbers_by_key[keys[i]]
  end
end

local rooms = {}
local function counts_of(room)
  rooms[room] = rooms[room]
    or { tonumber(redis.call('HGET', seqs, room) or 0), tonumber(redis.call('HGET', changes, room) or 0) }
  return rooms[room]
end

local numbers, new_keys, restarts, failed = {}, {}, {}, nil
for i, row in ipairs(rows) do
  local key, room, messages, made, operation = row[1], row[2], row[3], row[4], row[5]
  local known = numbers_by_key[key]
  if known then
    numbers[i] = -known
  else
    local counts, seq, change = counts_of(room), 0, 0
    if messages >= 0 then
      seq, change = counts[1] + messages, counts[2] + made
    end
    failed = add(number + 1, string.format('%d %d %d %s ', seq, change, at, key) .. operation)
    if failed then
      break
    end
    number = number + 1
    counts[1], counts[2] = seq, change
    if messages < 0 then
      restarts[room] = string.format('%d %d 0', number, at)
    end
    numbers_by_key[key], numbers[i] = number, number
    new_keys[#new_keys + 1] = key
    new_keys[#new_keys + 1] = number
  end
end

if #new_keys > 0 then
  for room, counts in pairs(rooms) do
    for i, hash in ipairs({ seqs, changes }) do
      if counts[1] + counts[2] > 0 or room == '' then
        redis.call('HSET', hash, room, counts[i])
      else -- nothing is in it, such as in one that was deleted; the hash stays, as a sign that Redis has not lost it
        redis.call('HSETNX', hash, '', 0)
        redis.call('HDEL', hash, room)
      end
    end
  end
  for room, restart in pairs(restarts) do
    redis.call('HSET', KEYS[6], room, restart)
  end
  redis.call('HSET', this_week, unpack(new_keys))
  redis.call('EXPIRE', this_week, 1814400)
  redis.call('HSET', about, 'number', number, 'at', at)
  redis.call('XTRIM', stream, 'MAXLEN', '~', ARGV[2])
  if redis.call('EXISTS', erased) == 1 then -- what was erased is noted as far back as the stream reaches
    local gone = {}
    for new = number - #new_keys / 2 + 1, number do
      gone[#gone + 1] = new - ARGV[2]
    end
    redis.call('HDEL', erased, unpack(gone))
  end
end
return failed or cmsgpack.pack(numbers)
