-- Notes when a provider session ended, for as long as its access tokens can be around. A later mark stays as it is.
-- KEYS: ended-sid:<hash>   ARGV: ms, when it ended ('' or nothing for now)
local ended = tonumber(ARGV[2])
if not ended then
  local time = redis.call('TIME')
  ended = time[1] * 1000 + math.floor(time[2] / 1000)
end
if ended < tonumber(redis.call('GET', KEYS[1]) or 0) then return 0 end
redis.call('SET', KEYS[1], ended, 'PX', ARGV[1])
return 1
