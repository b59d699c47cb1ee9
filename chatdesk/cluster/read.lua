-- Returns what follows a number in the stream as one text, a line for each entry: its id, a space and its text. redis-py
-- takes three times as long to read a thousand entries one by one. The text of an entry that is none of ours is left out.
-- In place of what was erased (erase.lua), or is just being erased, stands that there was something.
--
-- KEYS: stream, erased, erasing
-- ARGV: the number, and how many entries at most

local lines, most = {}, tonumber(ARGV[2])
local hidden = {}
local erasing = redis.call('HGETALL', KEYS[3])
for i = 1, #erasing, 2 do
  local before, _, from = string.match(erasing[i + 1], '^(%d+) (%d+) (%d+)$')
  if tonumber(from) > 0 then
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

local expected = tonumber(ARGV[1]) + 1
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], string.format('(%d-0', ARGV[1]), '+', 'COUNT', most)) do
  local id, fields = entry[1], entry[2]
  if id ~= string.format('%d-0', expected) then
    local number = tonumber(string.match(id, '^(%d+)%-0$'))
    local left = number and expected < number and redis.call('HGET', KEYS[2], expected)
    while left and expected < number and #lines < most do
      lines[#lines + 1] = string.format('%d-0 ', expected) .. left
      expected = expected + 1
      left = redis.call('HGET', KEYS[2], expected)
    end
    expected = number or -1
  end
  if #lines >= most then
    break
  end
  local is_ours = #fields == 2 and fields[1] == 'entry' and not string.find(fields[2], '\n', 1, true)
  lines[#lines + 1] = id .. ' ' .. (is_ours and shown(expected, fields[2]) or '')
  expected = expected + 1
end
return table.concat(lines, '\n')
