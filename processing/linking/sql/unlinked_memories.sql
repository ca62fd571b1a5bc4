-- Memories that may be linked by vectors since nothing they say leads to code, in projects that have code. The
-- placeholder takes linkable.sql, with its parameters. Result: id.
-- One whose links are being found just now counts: what is kept of them may be of its earlier words.
SELECT linkable.id
FROM (
    {linkable}
) AS linkable
WHERE EXISTS (SELECT FROM processing_codeobject AS object WHERE object.project_id = linkable.project_id)
  AND (
      NOT EXISTS (
          SELECT FROM processing_memorylink AS link WHERE link.memory_id = linkable.id AND link.how <> 'vector'
          UNION ALL
          SELECT FROM processing_tombstonelink AS link WHERE link.memory_id = linkable.id
      )
      OR EXISTS (SELECT FROM link_queue AS work WHERE work.memory_id = linkable.id AND work.status = 'processing')
  )
