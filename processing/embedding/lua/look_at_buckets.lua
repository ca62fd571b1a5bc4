-- Tells how much is in each bucket now, and changes nothing.
-- KEYS: the buckets. ARGV, two a bucket: refill per ms, burst.
-- Returns the levels as text; a bucket that nobody used is full.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local levels = {}
for i = 1, #KEYS do
  local refill, burst = tonumber(ARGV[i * 2 - 1]), tonumber(ARGV[i * 2])
  local state = redis.call('HMGET', KEYS[i], 'level', 'at')
  local level = burst
  if state[1] then
    level = math.min(burst, tonumber(state[1]) + math.max(0, now - tonumber(state[2])) * refill)
  end
  levels[i] = string.format('%.6f', level)
end
return levels
