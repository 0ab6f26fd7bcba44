-- Gives an instance leave to trust its memory for a while.
-- KEYS: leases   ARGV: instance, ms, '1' if it believes it holds one
-- Returns 1, or 0 when it believed so and does not: the lease ran out, or a sign-off took it away; and as long as one that
-- was taken has not run out: a renewal that was late on its way must not give it back.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local holding = ARGV[3] == '1'
if holding and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
if not holding and redis.call('ZSCORE', KEYS[1], '!' .. ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[1], last[2])
return 1
