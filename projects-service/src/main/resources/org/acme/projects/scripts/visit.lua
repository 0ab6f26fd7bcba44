-- Remembers who was here, to be suggested by full name; forgets the names that the person no longer has.
-- KEYS: person   ARGV: prefix, key, issuer, subject, name, seconds to remember, keys of full names
local person, key, seconds = KEYS[1], ARGV[2], ARGV[6]
for name in string.gmatch(redis.call('HGET', person, 'names') or '', '%S+') do
  redis.call('SREM', ARGV[1] .. 'called:' .. name, key)
end
for i = 7, #ARGV do
  redis.call('SADD', ARGV[1] .. 'called:' .. ARGV[i], key)
  redis.call('EXPIRE', ARGV[1] .. 'called:' .. ARGV[i], seconds)
end
redis.call('HSET', person, 'issuer', ARGV[3], 'subject', ARGV[4], 'name', ARGV[5], 'names', table.concat(ARGV, ' ', 7))
redis.call('EXPIRE', person, seconds)
return 1
