-- Adds a session to an index and drops those that are over. Written before the record: too much, never too little; so
-- what is in it already never leaves it sooner.
-- KEYS: idx:...   ARGV: session id, absolute end (ms since 1970)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[1], last[2])
return 1
