-- Stands before each script that changes a project: who may, and who is told.
-- KEYS: project, members
-- ARGV: prefix of keys, channel, issuer, subject, key and name of who asks, '1' for an administrator; from 8 on: the change
local prefix, channel, me, my_name = ARGV[1], ARGV[2], ARGV[5], ARGV[6]
local record = redis.call('HMGET', KEYS[1], 'id', 'number', 'issuer', 'subject', 'version', 'textVersion', 'archivedAt')
local id, number, archived = record[1], record[2], record[7]
-- A project of the first days has no version yet.
local version, text_version = record[5] or '1', record[6] or '1'
local refusal
if not id then
  refusal = 'none'
elseif record[3] ~= ARGV[3] or record[4] ~= ARGV[4] then
  local knows = redis.call('HEXISTS', KEYS[2], me) == 1 or ARGV[7] == '1'
  refusal = knows and 'forbidden' or 'none'
end
if refusal then return {refusal} end

local function now() return redis.call('TIME')[1] end

-- Counts the change and tells everybody whom it concerns, in the same step as the change itself.
local function tell(also)
  version = redis.call('HINCRBY', KEYS[1], 'version', redis.call('HEXISTS', KEYS[1], 'version') == 1 and 1 or 2)
  local change = id .. ' ' .. version .. ' ' .. me
  for _, member in ipairs(redis.call('HKEYS', KEYS[2])) do change = change .. ' ' .. member end
  if also then change = change .. ' ' .. also end
  redis.call('PUBLISH', channel, change)
  return {'done', tostring(version)}
end
