-- Counts one request in the current minute of one workspace, by Redis's own clock.
-- KEYS[1]: the workspace's key prefix. ARGV[1]: requests allowed a minute.
-- Result: 0 when allowed, else the seconds until the next minute.
local second = tonumber(redis.call('TIME')[1])
local key = KEYS[1] .. ':' .. math.floor(second / 60)
local count = redis.call('INCR', key)
if count == 1 then
    redis.call('EXPIRE', key, 120)
end
if count > tonumber(ARGV[1]) then
    return 60 - second % 60
end
return 0
