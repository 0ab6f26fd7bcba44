#!lua flags=allow-oom
-- Not "no-writes": a replica refuses it, and so does a master that has lost the replicas it must have, even when it would write
-- nothing. Neither may say that a session lives: the end of it may be somewhere else. A full memory refuses nothing of it.
-- Reads a session and, when asked, counts as activity, in one step.
-- KEYS: sess:<id>, {sess:<id>}:sso
-- ARGV: idle ms, touch when that many ms of it are used up (-1: never; with ' alive' behind: nor once the access token has
-- expired, for a request that waits for new tokens may come to nothing), and either the fields wanted, or
-- 'unless', tokensRev, SHA-1 of the JSON (hexadecimal): what the caller has read before
-- Returns {'live', JSON, {value, ...} of those fields}, {'same'}, {'changed'}, {'ended'} or {'none'}.
-- Nothing that a read returns changes without one of these two: whoever writes tokens or roles counts tokensRev up.
local head = redis.call('HMGET', KEYS[2], 'state', 'until', 'tokensRev')
local state = head[1]
-- None that can be read is damage, which the reader tells; zero or less is an end like any other, and has passed.
local ends = tonumber(head[2] or '')
if state == 'ended' then
  -- A guest's late write may have put its key back; whoever looks removes it again.
  redis.call('DEL', KEYS[1])
  return {'ended'}
end
if state ~= 'live' then return {'none'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ends and ends <= now then
  -- Over, whatever time to live somebody has given the keys.
  redis.call('DEL', KEYS[1], KEYS[2])
  return {'none'}
end
local json = redis.call('GET', KEYS[1])
if not json then
  -- Idle for too long, or ended by a guest. Marked, so that a guest's late write cannot bring it back. The refresh token
  -- stays, sealed: who signs off now has a session at the provider to be ended.
  local keep = {v = 1, state = 1, provider = 1, issuer = 1, subject = 1, sid = 1, ['until'] = 1, refresh = 1}
  for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
    if not keep[field] then redis.call('HDEL', KEYS[2], field) end
  end
  redis.call('HSET', KEYS[2], 'state', 'ended', 'endReason', 'gone', 'endActor', 'system', 'endedAt', now)
  return {'ended'}
end
-- Whole: an end with a fraction is damage, which the reader tells.
local allowed = math.floor(math.min(tonumber(ARGV[1]), (ends or 0) - now))
local left = redis.call('PTTL', KEYS[1])
local step = tonumber(string.match(ARGV[2], '^%-?%d+'))
local function alive()
  return not string.find(ARGV[2], 'alive', 1, true)
    or (tonumber(redis.call('HGET', KEYS[2], 'accessExpires') or 0) or 0) > now
end
-- More than allowed, or no limit at all (-1): a guest wrote it so. That is put right even when nothing counts as activity.
if left < 0 or left > allowed then
  redis.call('PEXPIRE', KEYS[1], math.max(allowed, 1))
elseif step >= 0 and left <= allowed - step and alive() then
  redis.call('PEXPIRE', KEYS[1], math.max(allowed, 1))
  redis.call('HSET', KEYS[2], 'seen', now)
end
if ARGV[3] == 'unless' then
  return {head[3] == ARGV[4] and redis.sha1hex(json) == ARGV[5] and 'same' or 'changed'}
end
return {'live', json, redis.call('HMGET', KEYS[2], unpack(ARGV, 3))}
