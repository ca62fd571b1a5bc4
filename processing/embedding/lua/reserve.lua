-- Takes the cost of one request from every bucket, or from none.
-- KEYS: the hold, then the buckets. ARGV, four a bucket: refill per ms, burst, cost, level needed.
-- Returns {1, 0, ''} when granted, else {0, wait in ms, reason of the hold or ''}.
local held = redis.call('PTTL', KEYS[1])
if held > 0 then
  return {0, held, redis.call('GET', KEYS[1])}
end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local levels = {}
local wait = 0
for i = 2, #KEYS do
  local a = (i - 2) * 4
  local refill, burst, needed = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 4])
  local state = redis.call('HMGET', KEYS[i], 'level', 'at')
  local level = burst
  if state[1] then
    level = math.min(burst, tonumber(state[1]) + math.max(0, now - tonumber(state[2])) * refill)
  end
  levels[i] = level
  wait = math.max(wait, (needed - level) / refill)
end
if wait > 0 then
  return {0, math.ceil(wait), ''}
end

for i = 2, #KEYS do
  local a = (i - 2) * 4
  local refill, burst, cost = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  local level = levels[i] - cost
  redis.call('HSET', KEYS[i], 'level', string.format('%.6f', level), 'at', string.format('%.3f', now))
  -- A bucket that has filled up again is the same as none.
  redis.call('PEXPIRE', KEYS[i], math.ceil((burst - level) / refill) + 1000)
end
return {1, 0, ''}
