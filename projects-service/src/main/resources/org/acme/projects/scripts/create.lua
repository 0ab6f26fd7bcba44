-- Number, record and both indexes at once, or nothing. Redis' own clock and counter, so that the order is the same
-- whichever instance creates.
-- KEYS: latest number, everybody's, owned by, archived by, project
-- ARGV: channel, owner's key, limit, id, issuer, subject, owner's name, name, description
if redis.call('ZCARD', KEYS[3]) + redis.call('ZCARD', KEYS[4]) >= tonumber(ARGV[3]) then return {'full'} end
local number = redis.call('INCR', KEYS[1])
local now = redis.call('TIME')[1]
redis.call('HSET', KEYS[5], 'id', ARGV[4], 'number', number, 'name', ARGV[8], 'description', ARGV[9], 'issuer', ARGV[5],
  'subject', ARGV[6], 'ownerName', ARGV[7], 'createdAt', now, 'version', 1, 'textVersion', 1)
redis.call('ZADD', KEYS[2], number, ARGV[4])
redis.call('ZADD', KEYS[3], number, ARGV[4])
redis.call('PUBLISH', ARGV[1], ARGV[4] .. ' 1 ' .. ARGV[2])
return {'done', number, now}
