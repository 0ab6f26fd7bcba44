-- ARGV 8: the person's key, 9: issuer, subject and name, 10: limit of members, 11: limit of one person's projects
local person = ARGV[8]
if archived then return {'archived'} end
if person == me then return {'owner'} end
if redis.call('HEXISTS', KEYS[2], person) == 1 then return {'done', version} end
if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[10]) then return {'full'} end
local theirs = prefix .. 'shared-with:' .. person
if redis.call('ZCARD', theirs) >= tonumber(ARGV[11]) then return {'theirs-full'} end
redis.call('HSET', KEYS[2], person, ARGV[9])
redis.call('ZADD', theirs, number, id)
return tell()
