-- Mark dead rows as not worth replaying. Parameters: ids. Result: id and error code of each newly discarded.
UPDATE {table} SET discarded_at = clock_timestamp()
WHERE id = ANY(%(ids)s) AND status = 'dead' AND discarded_at IS NULL
RETURNING id, error_code
