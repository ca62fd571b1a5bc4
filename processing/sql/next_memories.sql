-- The order of shared memories within their sessions: each of $memory_ids, each that stands before one of them, and
-- all of $session_ids. Parameters: project, memory_ids, session_ids. Result: session_id, memory_id,
-- next_id (null for the last).
WITH spoken AS (
    SELECT memory.id, memory.session_id,
           lead(memory.id) OVER (PARTITION BY memory.session_id ORDER BY memory.occurred_at, memory.source_line, memory.part_no, memory.id) AS next_id
    FROM processing_memory AS memory
    WHERE memory.project_id = %(project)s AND memory.visibility = 'workspace'
      AND memory.session_id IN (
          SELECT asked.session_id FROM processing_memory AS asked WHERE asked.id = ANY(%(memory_ids)s)
          UNION
          SELECT unnest(%(session_ids)s::uuid[])
      )
)
SELECT session_id, id, next_id FROM spoken
WHERE id = ANY(%(memory_ids)s) OR next_id = ANY(%(memory_ids)s) OR session_id = ANY(%(session_ids)s)
ORDER BY session_id, id
