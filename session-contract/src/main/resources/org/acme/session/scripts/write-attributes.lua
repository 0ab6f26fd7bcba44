-- Replaces one service's attributes if they are still what the writer has read.
-- KEYS: sess:<id>, {sess:<id>}:sso   ARGV: field, value that was read ('' for none), new value ('' removes)
-- Returns 1, 0 when somebody else wrote meanwhile, -1 when the session has ended.
if redis.call('HGET', KEYS[2], 'state') ~= 'live' or redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if (redis.call('HGET', KEYS[2], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[2], ARGV[1])
else
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
end
return 1
