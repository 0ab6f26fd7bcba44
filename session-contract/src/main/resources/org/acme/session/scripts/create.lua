-- Begins a session: both keys or none. An id in use is refused; the caller draws another.
-- KEYS: sess:<id>, {sess:<id>}:sso   ARGV: idle ms, absolute end (ms since 1970), JSON for Express, field, value, ...
-- Returns 1, or 0 when the id is in use or the end has passed.
if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl = math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - now)
if ttl <= 0 then return 0 end
redis.call('HSET', KEYS[2], unpack(ARGV, 4))
redis.call('PEXPIREAT', KEYS[2], ARGV[2])
redis.call('SET', KEYS[1], ARGV[3], 'PX', ttl)
return 1
