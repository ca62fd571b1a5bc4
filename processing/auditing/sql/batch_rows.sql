-- Batches whose count of new items is not the number of their rows in the accepting queues.
-- Parameters: workspace. Result: one row (violations, up to five ids).
WITH accepted AS (
    SELECT batch_id FROM memory_queue WHERE workspace_id = %(workspace)s AND batch_id IS NOT NULL
    UNION ALL
    SELECT batch_id FROM code_queue WHERE workspace_id = %(workspace)s AND batch_id IS NOT NULL
), counted AS (
    SELECT batch_id, count(*) AS queued FROM accepted GROUP BY batch_id
)
SELECT count(*), (array_agg(coalesce(batch.id, counted.batch_id)::text))[1:5]
FROM (SELECT id, new FROM ingest_batch WHERE workspace_id = %(workspace)s) AS batch
FULL JOIN counted ON counted.batch_id = batch.id
WHERE coalesce(counted.queued, 0) IS DISTINCT FROM batch.new
