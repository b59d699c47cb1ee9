-- Returns what follows a number in the stream as one text, a line for each entry: its id, a space and its text. redis-py
-- takes three times as long to read a thousand entries one by one. In place of what was erased (erase.lua), or is just
-- being erased, stands that there was something. What order.lua has not written is taken out, also where it reads like
-- ours; of it there is a line with '!' and its id.
--
-- KEYS: stream, erased, erasing, about
-- ARGV: the number, and how many entries at most

local lines, most = {}, tonumber(ARGV[2])
if redis.call('HEXISTS', KEYS[4], 'server_id') == 0 then
  return redis.error_reply('LOST there is no order of a chat any more')
end
local newest = tonumber(redis.call('HGET', KEYS[4], 'number') or 0)
if newest < tonumber(ARGV[1]) then
  return redis.error_reply('LOST what the node has followed is not there any more')
end
local hidden = {}
local erasing = redis.call('HGETALL', KEYS[3])
for i = 1, #erasing, 2 do
  local before, _, from = string.match(erasing[i + 1], '^(%d+) (%d+) (%d+)$')
  if from and tonumber(from) > 0 then
    hidden[erasing[i]] = tonumber(before)
  end
end

local function shown(number, text)
  if next(hidden) then
    local head, operation = string.match(text, '^(%d+ %d+ %d+ %S+ )(.*)$')
    local known, decoded = pcall(cjson.decode, operation)
    local room = known and type(decoded) == 'table' and (decoded.held_room or decoded.room)
    if hidden[room] and number < hidden[room] then
      return head .. cjson.encode({ ['do'] = 'erased', room = decoded.room })
    end
  end
  return text
end

local function number_of(entry, expected)
  local id, fields = entry[1], entry[2]
  local number = id == string.format('%d-0', expected) and expected or tonumber(string.match(id, '^(%d+)%-0$'))
  local reads_like_ours = #fields == 2 and fields[1] == 'entry' and not string.find(fields[2], '\n', 1, true)
  return reads_like_ours and number and number <= newest and number
end

local expected = tonumber(ARGV[1]) + 1
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], string.format('(%d-0', ARGV[1]), '+', 'COUNT', most)) do
  local number = number_of(entry, expected)
  local left = number and expected < number and redis.call('HGET', KEYS[2], expected)
  while left and expected < number and #lines < most do
    lines[#lines + 1] = string.format('%d-0 ', expected) .. left
    expected = expected + 1
    left = redis.call('HGET', KEYS[2], expected)
  end
  if #lines >= most then
    break
  end
  if number then
    lines[#lines + 1] = entry[1] .. ' ' .. shown(number, entry[2][2])
    expected = number + 1
  else
    redis.call('XDEL', KEYS[1], entry[1])
    lines[#lines + 1] = '!' .. entry[1]
  end
end
return table.concat(lines, '\n')
