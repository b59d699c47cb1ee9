-- Stands before order.lua and restore.lua: adds entries to the stream at their numbers, also where another program has
-- written to it.

local stream, erased = KEYS[4], KEYS[7]

local function remove_foreign_entries(number)
  local after = string.format('(%d-0', number)
  repeat
    local entries = redis.call('XRANGE', stream, after, '+', 'COUNT', 500)
    for _, entry in ipairs(entries) do
      redis.call('XDEL', stream, entry[1])
    end
  until #entries == 0
  -- newer engines go back behind no entry that was taken out of a stream, unless they are told first that none was
  local added = redis.call('XLEN', stream) + number
  redis.pcall('XSETID', stream, '18446744073709551615-18446744073709551615', 'ENTRIESADDED', added, 'MAXDELETEDID', '0-1')
  redis.pcall('XSETID', stream, string.format('%d-0', number))
end

local function is_error(answer)
  return type(answer) == 'table' and answer.err
end

-- Returns an error, or nothing.
local function add(number, text)
  local id = string.format('%d-0', number)
  local answer = redis.pcall('XADD', stream, id, 'entry', text)
  if is_error(answer) and not string.find(answer.err, 'OOM', 1, true) then -- somebody else has written to the stream
    remove_foreign_entries(number - 1)
    answer = redis.pcall('XADD', stream, id, 'entry', text)
  end
  return is_error(answer) and answer or nil
end

