-- ARGV 8: the person's key
local person = ARGV[8]
if archived then return {'archived'} end
if redis.call('HDEL', KEYS[2], person) == 0 then return {'done', version} end
redis.call('ZREM', prefix .. 'shared-with:' .. person, id)
return tell(person)
