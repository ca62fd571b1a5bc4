-- Asks the circuit breaker to let one request through; when its pause is over, one caller becomes the probe.
-- KEYS: the breaker. ARGV: the caller's token, the longest a probe may take in ms.
-- Returns {'closed' | 'probe', 0} when let through, {'open' | 'half_open', wait in ms} when not.
local state = redis.call('HMGET', KEYS[1], 'open_until', 'probe_until')
if not state[1] then
  return {'closed', 0}
end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local open_until, probe_until = tonumber(state[1]), tonumber(state[2] or '0')
if now < open_until then
  return {'open', open_until - now}
end
if now < probe_until then
  return {'half_open', probe_until - now}
end
redis.call('HSET', KEYS[1], 'probe', ARGV[1], 'probe_until', now + ARGV[2])
return {'probe', 0}
