-- Keeps a lock while its holder is at work. KEYS: the lock   ARGV: holder, ms
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
