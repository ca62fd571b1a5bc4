-- Holds every caller back for a while; a hold that lasts longer already stays as it is.
-- KEYS: the hold. ARGV: the reason, how long in ms.
-- Returns the ms that the hold has left.
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return redis.call('PTTL', KEYS[1])
