-- Notes when a provider session ended, for as long as its access tokens can be around. KEYS: ended-sid:<hash>   ARGV: ms
local time = redis.call('TIME')
redis.call('SET', KEYS[1], time[1] * 1000 + math.floor(time[2] / 1000), 'PX', ARGV[1])
return 1
