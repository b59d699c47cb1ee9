-- Puts entries back that Redis has lost, as a node has followed them, with the numbers that they had.
--
-- KEYS: as in order.lua
-- ARGV: the server id, how many entries to keep, the number of the first entry, and for each entry its room, seq, change,
--       time and key, and its text.
-- Returns the number of the newest entry. Nothing is put back unless the first entry is the next one.

local about, seqs, changes, stream = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local number = tonumber(redis.call('HGET', about, 'number') or 0)
if redis.call('HGET', about, 'server_id') ~= ARGV[1] or number + 1 ~= tonumber(ARGV[3]) then
  return number
end
for i = 4, #ARGV, 6 do
  local room, seq, change, at, key, text = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5]
  number = number + 1
  redis.call('HDEL', KEYS[7], number - ARGV[2])
  redis.call('XADD', stream, 'MAXLEN', '~', ARGV[2], string.format('%d-0', number), 'entry', text)
  redis.call('HSET', seqs, room, seq)
  redis.call('HSET', changes, room, change)
  redis.call('HSET', KEYS[5] .. math.floor(tonumber(at) / 604800000), key, number)
  redis.call('HSET', about, 'number', number, 'at', at)
end
return number
