-- Batches whose own counts do not add up: received = new + duplicate + rejected.
-- Parameters: workspace. Result: one row (violations, up to five ids).
SELECT count(*), (array_agg(id::text ORDER BY id))[1:5]
FROM ingest_batch
WHERE workspace_id = %(workspace)s AND received <> new + duplicate + rejected
