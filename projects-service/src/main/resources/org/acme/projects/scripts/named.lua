-- The people of a full name, five at most: who has more namesakes asks them for their user names.
-- KEYS: called   ARGV: prefix
local found = {}
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local person = redis.call('HMGET', ARGV[1] .. 'person:' .. key, 'issuer', 'subject')
  if person[1] then found[#found + 1] = person end
  if #found == 5 then break end
end
return found
