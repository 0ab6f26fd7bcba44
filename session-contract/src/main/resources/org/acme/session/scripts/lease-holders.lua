-- Who may trust its memory now, those whose lease was taken and has not run out included.
-- KEYS: leases   Returns instance names.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holders = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')
for i, name in ipairs(holders) do holders[i] = name:gsub('^!', '') end
return holders
