-- Remember how far detection has read; never backwards. Parameters: id, workspace, type, last. Result: row count.
INSERT INTO processing_patterncheckpoint (id, workspace_id, type, last_memory_id)
VALUES (%(id)s, %(workspace)s, %(type)s, %(last)s)
ON CONFLICT (workspace_id, type) DO UPDATE SET last_memory_id = excluded.last_memory_id
WHERE excluded.last_memory_id > processing_patterncheckpoint.last_memory_id
