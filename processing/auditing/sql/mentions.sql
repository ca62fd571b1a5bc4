-- The MENTIONS edges that the graph must hold of a project: one for each shared memory and entity. A file that a
-- tool touched is an edge of its session instead, if everybody may see that.
-- Parameters: workspace, project. Result: one row (edges).
SELECT count(DISTINCT (link.memory_id, object.uid))
FROM processing_memorylink AS link
JOIN processing_memory AS memory ON memory.id = link.memory_id
JOIN processing_codeobject AS object ON object.id = link.code_object_id
LEFT JOIN processing_session AS session ON session.id = memory.session_id
WHERE link.workspace_id = %(workspace)s AND memory.project_id = %(project)s
  AND memory.visibility = 'workspace'
  AND (link.edge = 'mentions' OR session.visibility IS DISTINCT FROM 'workspace')
