-- Gives an instance leave to trust its memory for a while.
-- KEYS: leases   ARGV: instance, ms, '1' if it believes it holds one
-- Returns 1, or 0 when it believed so and does not: the lease ran out, or a sign-off took it away.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if ARGV[3] == '1' and not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 10)
return 1
