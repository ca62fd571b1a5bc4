-- Tells the circuit breaker's state, and changes nothing.
-- KEYS: the breaker.
-- Returns -1 when it is closed, else the ms until the next probe (0: it is due).
local open_until = redis.call('HGET', KEYS[1], 'open_until')
if not open_until then
  return -1
end
local clock = redis.call('TIME')
return math.max(0, tonumber(open_until) - (clock[1] * 1000 + math.floor(clock[2] / 1000)))
