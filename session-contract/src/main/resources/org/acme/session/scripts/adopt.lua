-- Gives a session that a guest began a record of ours, if it still is what the caller has read. It never touches a session
-- that has a record, living or ended.
-- KEYS: sess:<id>, {sess:<id>}:sso   ARGV: the JSON that was read, idle ms, absolute end (ms since 1970), field, value, ...
-- Returns 1, or 0 when there is something else by now, or the end has passed.
if redis.call('EXISTS', KEYS[2]) == 1 or redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local allowed = math.min(tonumber(ARGV[2]), tonumber(ARGV[3]) - now)
if allowed <= 0 then return 0 end
redis.call('HSET', KEYS[2], unpack(ARGV, 4))
redis.call('PEXPIREAT', KEYS[2], ARGV[3])
local left = redis.call('PTTL', KEYS[1])
if left < 0 or left > allowed then redis.call('PEXPIRE', KEYS[1], allowed) end
return 1
