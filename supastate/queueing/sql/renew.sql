-- Prolong a lease. Parameters: ids, token, lease_seconds. Result: row count.
UPDATE {table} SET lease_until = clock_timestamp() + make_interval(secs => %(lease_seconds)s)
WHERE id = ANY(%(ids)s) AND lease_token = %(token)s
