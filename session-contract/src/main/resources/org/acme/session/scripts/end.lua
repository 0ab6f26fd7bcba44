-- Ends a session for good: removes Express' key and marks the record until its absolute end.
-- KEYS: sess:<id>, {sess:<id>}:sso   ARGV: reason, actor, tokensRev that must still hold ('' for any), '1' to keep the
-- sealed refresh token until provider-ended.lua: the provider's session is to end with the session
-- Returns {'ended', {field, value, ...} as it was}, {'already', {field, value, ...}}, {'refreshed'} or {'none'}: a guest's
-- session without a record is 'none' too, but marked, or a late write could bring it back and have it adopted.
local fields = redis.call('HGETALL', KEYS[2])
local state = redis.call('HGET', KEYS[2], 'state')
if state == 'live' and ARGV[3] ~= '' and redis.call('HGET', KEYS[2], 'tokensRev') ~= ARGV[3] then return {'refreshed'} end
local left = redis.call('PTTL', KEYS[1])
redis.call('DEL', KEYS[1])
if #fields == 0 and left == -2 then return {'none'} end
if state == 'ended' then
  -- Said again, for whoever asks replicas for it (WAIT): they are asked for what this connection has written.
  redis.call('HSET', KEYS[2], 'state', 'ended')
  return {'already', fields}
end
local keep = {v = 1, state = 1, provider = 1, issuer = 1, subject = 1, sid = 1, ['until'] = 1}
if ARGV[4] == '1' then keep.refresh = 1 end
for i = 1, #fields, 2 do
  if not keep[fields[i]] then redis.call('HDEL', KEYS[2], fields[i]) end
end
local time = redis.call('TIME')
redis.call('HSET', KEYS[2], 'state', 'ended', 'endReason', ARGV[1], 'endActor', ARGV[2],
  'endedAt', time[1] * 1000 + math.floor(time[2] / 1000))
-- Who is still refreshing its tokens knows by it what to do with new ones.
if ARGV[4] == '1' then redis.call('HSET', KEYS[2], 'endProvider', '1') end
if #fields == 0 then
  -- Until it would have ended by itself; a guest that sets no limit at all: a day.
  redis.call('HSET', KEYS[2], 'v', '1')
  redis.call('PEXPIRE', KEYS[2], left > 0 and left or 86400000)
  return {'none'}
end
return {'ended', fields}
