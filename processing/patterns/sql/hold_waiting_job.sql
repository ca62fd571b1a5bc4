-- Keep the waiting job from being claimed until this transaction ends, so that it sees what we wrote. Shared:
-- other writers hold it too. Parameters: workspace. Result: its id, or nothing when it was claimed just now.
SELECT id FROM pattern_queue
WHERE workspace_id = %(workspace)s AND status = 'pending' AND asked_by_ingest
FOR KEY SHARE
