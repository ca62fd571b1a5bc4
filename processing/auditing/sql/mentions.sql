-- The MENTIONS edges that the graph must hold of a project: one for each shared memory and entity, a tombstone too. A
-- file that a tool touched is an edge of its session instead, if everybody may see that.
-- Parameters: workspace, project. Result: one row (edges).
WITH link AS (
    SELECT link.memory_id, object.uid, link.edge
    FROM processing_memorylink AS link
    JOIN processing_codeobject AS object ON object.id = link.code_object_id
    WHERE link.workspace_id = %(workspace)s
    UNION ALL
    SELECT link.memory_id, gone.uid, link.edge
    FROM processing_tombstonelink AS link
    JOIN graph_tombstone AS gone ON gone.id = link.tombstone_id
    WHERE link.workspace_id = %(workspace)s
)
SELECT count(DISTINCT (link.memory_id, link.uid))
FROM link
JOIN processing_memory AS memory ON memory.id = link.memory_id
LEFT JOIN processing_session AS session ON session.id = memory.session_id
WHERE memory.project_id = %(project)s
  AND memory.visibility = 'workspace'
  AND (link.edge = 'mentions' OR session.visibility IS DISTINCT FROM 'workspace')
