-- Ends a session for good: removes Express' key and marks the record until its absolute end.
-- KEYS: sess:<id>, {sess:<id>}:sso   ARGV: reason, actor, tokensRev that must still hold ('' for any)
-- Returns {'ended', {field, value, ...} as it was}, {'already', {field, value, ...}}, {'refreshed'} or {'none'}.
local fields = redis.call('HGETALL', KEYS[2])
if #fields == 0 then return {'none'} end
local state = redis.call('HGET', KEYS[2], 'state')
if state == 'ended' then
  redis.call('DEL', KEYS[1])
  return {'already', fields}
end
if ARGV[3] ~= '' and redis.call('HGET', KEYS[2], 'tokensRev') ~= ARGV[3] then return {'refreshed'} end
redis.call('DEL', KEYS[1])
local keep = {v = 1, state = 1, provider = 1, issuer = 1, subject = 1, sid = 1, ['until'] = 1}
for i = 1, #fields, 2 do
  if not keep[fields[i]] then redis.call('HDEL', KEYS[2], fields[i]) end
end
local time = redis.call('TIME')
redis.call('HSET', KEYS[2], 'state', 'ended', 'endReason', ARGV[1], 'endActor', ARGV[2],
  'endedAt', time[1] * 1000 + math.floor(time[2] / 1000))
return {'ended', fields}
