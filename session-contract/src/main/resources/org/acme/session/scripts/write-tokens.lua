-- Replaces the tokens that a refresh used, and no others. Never touches an ended session.
-- KEYS: {sess:<id>}:sso   ARGV: tokensRev that was used, field, value, ...
-- Returns the new tokensRev, 0 when other tokens are there, -1 when the session has ended and its provider session with it, which
-- the new tokens belong to; -2 when the session alone has ended: what else its provider session opened goes on.
local function ended() return redis.call('HGET', KEYS[1], 'endProvider') and -1 or -2 end
if redis.call('HGET', KEYS[1], 'state') ~= 'live' then return ended() end
if redis.call('HGET', KEYS[1], 'tokensRev') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return redis.call('HINCRBY', KEYS[1], 'tokensRev', 1)
