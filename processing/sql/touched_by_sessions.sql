-- The files that tools touched in sessions, as their shared memories outside $memory_ids have it. Parameters: project,
-- session_ids, memory_ids. Result: session_id, uid, kind, how, confidence (the best of each file).
SELECT DISTINCT ON (session_id, uid) session_id, uid, kind, how, confidence
FROM (
    SELECT memory.session_id, object.uid, object.kind, link.how, link.confidence, link.memory_id
    FROM processing_memory AS memory
    JOIN processing_memorylink AS link ON link.memory_id = memory.id AND link.edge = 'touched'
    JOIN processing_codeobject AS object ON object.id = link.code_object_id
    WHERE memory.session_id = ANY(%(session_ids)s) AND memory.project_id = %(project)s
      AND memory.visibility = 'workspace'
    UNION ALL
    SELECT memory.session_id, gone.uid, gone.kind, link.how, link.confidence, link.memory_id
    FROM processing_memory AS memory
    JOIN processing_tombstonelink AS link ON link.memory_id = memory.id AND link.edge = 'touched'
    JOIN graph_tombstone AS gone ON gone.id = link.tombstone_id
    WHERE memory.session_id = ANY(%(session_ids)s) AND memory.project_id = %(project)s
      AND memory.visibility = 'workspace'
) AS touched
WHERE memory_id <> ALL(%(memory_ids)s)
ORDER BY session_id, uid, confidence DESC, how
