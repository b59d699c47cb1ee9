-- Returns what follows a number in the stream as one text, a line for each entry: its id, a space and its text. redis-py
-- takes three times as long to read a thousand entries one by one. The text of an entry that is none of ours is left out.
--
-- KEYS: stream
-- ARGV: the number, and how many entries at most

local lines = {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], string.format('(%d-0', ARGV[1]), '+', 'COUNT', ARGV[2])) do
  local fields = entry[2]
  local is_ours = #fields == 2 and fields[1] == 'entry' and not string.find(fields[2], '\n', 1, true)
  lines[#lines + 1] = entry[1] .. ' ' .. (is_ours and fields[2] or '')
end
return table.concat(lines, '\n')
