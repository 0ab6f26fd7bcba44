-- Notes when a provider session ended, for as long as its access tokens can be around. A later mark stays as it is.
-- KEYS: ended-sid:<hash>   ARGV: ms, when it ended ('' or nothing for now)
local ended = tonumber(ARGV[2])
if not ended then
  local time = redis.call('TIME')
  ended = time[1] * 1000 + math.floor(time[2] / 1000)
end
local mark = redis.call('GET', KEYS[1])
if ended < tonumber(mark or 0) then
  -- Said again, for whoever asks replicas for it (WAIT): they are asked for what this connection has written.
  redis.call('SET', KEYS[1], mark, 'KEEPTTL')
  return 0
end
redis.call('SET', KEYS[1], ended, 'PX', ARGV[1])
return 1
