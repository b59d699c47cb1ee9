-- A node has reached this Redis. One that has failed over or was started again has another replication id: until all nodes
-- are back, nothing is ordered, since one of them may have followed what this Redis has lost. So it is where this node is
-- about to put back what was lost in another way: others may have more of it.
--
-- KEYS: about
-- ARGV: the replication id, for how many milliseconds to wait for the nodes, and 1 if this one will put something back
-- Returns how many of these are left.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HGET', KEYS[1], 'replication')
redis.call('HSET', KEYS[1], 'replication', ARGV[1]) -- known or not: a Redis that cannot write says so here
local settled = tonumber(redis.call('HGET', KEYS[1], 'settled') or 0)
local latest = now + tonumber(ARGV[2])
if (known and known ~= ARGV[1]) or ARGV[3] == '1' or settled > latest then -- the clock may have been set back since
  settled = latest
  redis.call('HSET', KEYS[1], 'settled', settled)
end
return math.max(0, settled - now)
