-- Memories that spoke of code before it arrived or after it changed, and those that vectors linked to it before it was
-- in the graph. Parameters: project, paths. Result: id.
SELECT memory.id
FROM processing_memory AS memory
WHERE memory.project_id = %(project)s
  AND EXISTS (
      SELECT FROM processing_codereference AS reference
      WHERE reference.memory_id = memory.id
        AND (
            (reference.kind = 'path' AND reference.text = ANY(%(paths)s))
            OR (reference.kind = 'name' AND EXISTS (
                SELECT FROM processing_codeobject AS object
                JOIN processing_codefile AS file ON file.id = object.file_id
                WHERE file.project_id = %(project)s AND file.path = ANY(%(paths)s)
                  AND object.name = reverse(split_part(reverse(reference.text), '.', 1))
            ))
            OR (reference.kind = 'name' AND EXISTS (
                SELECT FROM graph_tombstone AS gone
                WHERE gone.project_id = %(project)s AND gone.path = ANY(%(paths)s)
                  AND gone.name = reverse(split_part(reverse(reference.text), '.', 1))
            ))
        )
  )
UNION
SELECT link.memory_id
FROM processing_memorylink AS link
JOIN processing_codeobject AS object ON object.id = link.code_object_id
JOIN processing_codefile AS file ON file.id = object.file_id
WHERE link.how = 'vector' AND file.project_id = %(project)s AND file.path = ANY(%(paths)s)
