-- The provider has ended its session too: the refresh token that was kept for that goes. KEYS: {sess:<id>}:sso
if redis.call('HGET', KEYS[1], 'state') ~= 'ended' then return 0 end
return redis.call('HDEL', KEYS[1], 'refresh')
