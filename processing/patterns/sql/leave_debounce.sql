-- A claimed job no longer is the one that waits: its retry must not meet the next one. Parameters: id, token.
-- Result: row count, 0 when the lease is lost.
UPDATE pattern_queue SET asked_by_ingest = false WHERE id = %(id)s AND lease_token = %(token)s
