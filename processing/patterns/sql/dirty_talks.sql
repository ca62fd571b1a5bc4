-- Conversations with memories that detection has not read. Parameters: workspace, project (NULL for all), after,
-- upto (memory ids), most. Result: id, is_loose (a memory of no session stands for itself), newest (its newest
-- such memory). The order makes the newest id a checkpoint: what comes later in it has a newer memory.
SELECT id, is_loose, newest
FROM (
    SELECT DISTINCT ON (coalesce(session_id, id))
           coalesce(session_id, id) AS id, session_id IS NULL AS is_loose, id AS newest
    FROM processing_memory
    WHERE workspace_id = %(workspace)s AND id > %(after)s AND id <= %(upto)s
      AND (%(project)s::uuid IS NULL OR project_id = %(project)s)
    ORDER BY coalesce(session_id, id), processing_memory.id DESC
) AS talk
ORDER BY newest
LIMIT %(most)s
