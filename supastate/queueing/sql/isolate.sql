-- End the lease of rows that failed together without saying which is to blame: each is claimed alone next.
-- Parameters: ids, token. Result: row count.
UPDATE {table} SET lease_until = clock_timestamp()
WHERE id = ANY(%(ids)s) AND lease_token = %(token)s
