-- Tells the circuit breaker how a request ended.
-- KEYS: the breaker. ARGV: the token of the probe or '', 'success' | 'failure' | 'unknown',
-- failures that open it, how long it stays open in ms.
-- Returns the state that follows: 'closed', 'open' or 'half_open'.
local token, outcome = ARGV[1], ARGV[2]
local state = redis.call('HMGET', KEYS[1], 'open_until', 'probe')
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function open()
  redis.call('HDEL', KEYS[1], 'probe', 'probe_until')
  redis.call('HSET', KEYS[1], 'open_until', now + ARGV[4])
  redis.call('PEXPIRE', KEYS[1], ARGV[4] + 3600000)
  return 'open'
end

if state[1] then
  -- Only the probe decides: others were sent before the breaker opened and are old news.
  if token ~= '' and state[2] == token then
    if outcome == 'failure' then
      return open()
    end
    if outcome == 'success' then
      redis.call('DEL', KEYS[1])
      return 'closed'
    end
    redis.call('HDEL', KEYS[1], 'probe', 'probe_until')
  end
  return now < tonumber(state[1]) and 'open' or 'half_open'
end

if outcome == 'success' then
  redis.call('DEL', KEYS[1])
elseif outcome == 'failure' then
  local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
  redis.call('PEXPIRE', KEYS[1], 3600000)
  if failures >= tonumber(ARGV[3]) then
    return open()
  end
end
return 'closed'
