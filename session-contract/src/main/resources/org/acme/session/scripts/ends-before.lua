-- A provider goes on with a session that has ended here, and has signed its user in with it anew: what it issues from then on
-- counts, what it issued before stays worthless. Nothing happens to a later mark: then there was another sign-off meanwhile.
-- KEYS: ended-sid:<hash>   ARGV: the mark as it was read, the earlier one
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1
