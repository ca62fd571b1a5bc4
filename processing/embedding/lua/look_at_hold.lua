-- Tells whether everybody is held back, and changes nothing.
-- KEYS: the hold.
-- Returns {reason, ms left}, or {'', 0}.
local left = redis.call('PTTL', KEYS[1])
if left > 0 then
  return {redis.call('GET', KEYS[1]), left}
end
return {'', 0}
