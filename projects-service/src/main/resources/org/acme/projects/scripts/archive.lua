-- ARGV 8: '1' to archive, '0' to restore, 9: the expected version, or '' for any. The keys of members' indexes are made
-- here: they are in the slot of the others, and who is a member must not change between asking and moving.
if ARGV[9] ~= '' and ARGV[9] ~= version then return {'changed'} end
local archive = ARGV[8] == '1'
if archive == (archived and true or false) then return {'done', version} end
local from, to = prefix .. 'owned-by:' .. me, prefix .. 'archived-by:' .. me
if not archive then from, to = to, from end
redis.call('HSET', KEYS[1], 'archivedAt', now())
redis.call('ZREM', from, id)
redis.call('ZADD', to, number, id)
for _, member in ipairs(redis.call('HKEYS', KEYS[2])) do
  if archive then
    redis.call('ZREM', prefix .. 'shared-with:' .. member, id)
  else
    redis.call('ZADD', prefix .. 'shared-with:' .. member, number, id)
  end
end
if not archive then redis.call('HDEL', KEYS[1], 'archivedAt') end
return tell()
