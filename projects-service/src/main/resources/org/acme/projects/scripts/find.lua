-- A project and its members as they were at one moment.
-- KEYS: project, members   ARGV: fields
return {redis.call('HMGET', KEYS[1], unpack(ARGV)), redis.call('HVALS', KEYS[2])}
