-- Tells guests what a refresh has said of a session's user, if nobody has written Express' key since it was read. The time to
-- live stays.
-- KEYS: sess:<id>, {sess:<id>}:sso   ARGV: the JSON that was read, the JSON with the name and the roles of now
-- Returns 1, 0 when somebody else wrote meanwhile, -1 when the session has ended.
if redis.call('HGET', KEYS[2], 'state') ~= 'live' or redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1
