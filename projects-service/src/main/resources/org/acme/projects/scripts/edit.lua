-- ARGV 8: 'version' or 'textVersion', 9: what it was when the writer looked, or '' for any, 10: name, 11: description
if archived then return {'archived'} end
if ARGV[9] ~= '' and ARGV[9] ~= (ARGV[8] == 'version' and version or text_version) then return {'changed'} end
local done = tell()
redis.call('HSET', KEYS[1], 'name', ARGV[10], 'description', ARGV[11], 'textVersion', done[2], 'changedAt', now(),
  'changedBy', my_name)
return done
