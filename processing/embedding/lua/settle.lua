-- Gives back what a request did not use, or takes what it used beyond its reservation.
-- KEYS: the buckets. ARGV, three a bucket: refill per ms, burst, amount to give back (negative: to take).
-- Returns the number of buckets changed.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local changed = 0
for i = 1, #KEYS do
  local a = (i - 1) * 3
  local refill, burst, back = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local state = redis.call('HMGET', KEYS[i], 'level', 'at')
  local level = burst
  if state[1] then
    level = math.min(burst, tonumber(state[1]) + math.max(0, now - tonumber(state[2])) * refill)
  end
  level = math.min(burst, level + back)
  redis.call('HSET', KEYS[i], 'level', string.format('%.6f', level), 'at', string.format('%.3f', now))
  redis.call('PEXPIRE', KEYS[i], math.ceil((burst - level) / refill) + 1000)
  changed = changed + 1
end
return changed
