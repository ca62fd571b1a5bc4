-- Is a due row older than it may be? Parameters: seconds. Result: seconds since the oldest such row fell due, or NULL.
SELECT extract(epoch FROM clock_timestamp() - min(greatest(run_after, due_since)))
FROM {table}
WHERE status = 'pending' AND run_after < clock_timestamp() - make_interval(secs => %(seconds)s)
