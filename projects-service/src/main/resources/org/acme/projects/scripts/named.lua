-- The people of a name, two at most: one is the answer, two are too many.
-- KEYS: called   ARGV: prefix
local found = {}
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local person = redis.call('HMGET', ARGV[1] .. 'person:' .. key, 'issuer', 'subject', 'name')
  if person[1] then found[#found + 1] = person end
  if #found == 2 then break end
end
return found
