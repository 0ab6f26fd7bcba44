-- Takes the leases of instances that did not confirm: they cannot renew them, so each ends when it would have. Until
-- then it stays in the set as '!<instance>', for another sign-off has to wait for it too.
-- KEYS: leases   ARGV: instances
-- Returns after how many ms the last of them has run out.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local longest = 0
for _, instance in ipairs(ARGV) do
  local ends = redis.call('ZSCORE', KEYS[1], instance)
  if ends then
    redis.call('ZADD', KEYS[1], 'GT', ends, '!' .. instance)
    redis.call('ZREM', KEYS[1], instance)
  end
  longest = math.max(longest, (redis.call('ZSCORE', KEYS[1], '!' .. instance) or now) - now)
end
-- Said again even when nothing is new, for whoever asks replicas for it (WAIT): they are asked for what this connection has
-- written.
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if last[2] then redis.call('PEXPIREAT', KEYS[1], last[2]) end
return math.ceil(longest)
