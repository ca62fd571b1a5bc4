-- The moment before which every memory is committed: transactions older than the oldest still open are over.
-- Result: the time. Only the application's own transactions are seen, and only they write memories.
SELECT least(clock_timestamp(), min(xact_start))
FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
