-- Replaces the tokens that a refresh used, and no others. Never touches an ended session.
-- KEYS: {sess:<id>}:sso   ARGV: tokensRev that was used, field, value, ...
-- Returns the new tokensRev, 0 when other tokens are there, -1 when the session has ended.
if redis.call('HGET', KEYS[1], 'state') ~= 'live' then return -1 end
if redis.call('HGET', KEYS[1], 'tokensRev') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return redis.call('HINCRBY', KEYS[1], 'tokensRev', 1)
