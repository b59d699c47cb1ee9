-- Puts entries back that Redis has lost, as a node has followed them, with the numbers that they had.
--
-- KEYS: as in order.lua
-- ARGV: the server id, how many entries to keep, the number of the first entry, and for each entry its room, how many
--       messages it adds there (-1: the room is empty), its seq, change, time and key, and its text.
-- Returns the number of the newest entry. Nothing is put back unless the first entry is the next one.

local about = KEYS[1]
local number = tonumber(redis.call('HGET', about, 'number') or 0)
if redis.call('HGET', about, 'server_id') ~= ARGV[1] or number + 1 ~= tonumber(ARGV[3]) then
  return number
end
for i = 4, #ARGV, 7 do
  local room, messages, seq, change, at, key = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5]
  local refused = add(number + 1, ARGV[i + 6])
  if refused then
    return refused
  end
  number = number + 1
  redis.call('HDEL', erased, number - ARGV[2])
  redis.call('HSET', KEYS[2], room, seq)
  redis.call('HSET', KEYS[3], room, change)
  if tonumber(messages) < 0 then
    redis.call('HSET', KEYS[6], room, string.format('%d %s 0', number, at))
  end
  local keys = KEYS[5] .. math.floor(tonumber(at) / 604800000)
  redis.call('HSET', keys, key, number)
  redis.call('EXPIRE', keys, 1814400)
  redis.call('HSET', about, 'number', number, 'at', at)
end
redis.call('XTRIM', stream, 'MAXLEN', '~', ARGV[2])
return number
