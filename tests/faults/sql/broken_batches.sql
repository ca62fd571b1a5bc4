-- Batches whose ledger does not add up. No parameters. Result: id.
SELECT batch.id::text
FROM ingest_batch AS batch
WHERE batch.received <> batch.new + batch.duplicate + batch.rejected
   OR batch.new <> (SELECT count(*) FROM memory_queue WHERE batch_id = batch.id)
                 + (SELECT count(*) FROM code_queue WHERE batch_id = batch.id)
