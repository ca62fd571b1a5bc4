-- The code that memories are about. Parameters: memory_ids. Result: memory_id, code_object_id, tombstone_id, uid,
-- kind, how, confidence; of the two ids one is null. Only inside the memory's project. An identifier that several
-- definitions share counts for each in equal part, and for none past five; what is gone is counted by itself, so that
-- it neither hides what lives nor is hidden by it.
WITH reference AS (
    SELECT reference.memory_id, memory.project_id, reference.kind, reference.how, reference.text
    FROM processing_codereference AS reference
    JOIN processing_memory AS memory ON memory.id = reference.memory_id
    WHERE reference.memory_id = ANY(%(memory_ids)s) AND memory.project_id IS NOT NULL
), by_path AS (
    SELECT reference.memory_id, object.id, NULL::uuid AS tombstone_id, object.uid, object.kind, reference.how,
           CASE reference.how WHEN 'tool_edit' THEN 1.0 WHEN 'tool_read' THEN 0.8 ELSE 0.9 END AS confidence
    FROM reference
    JOIN processing_codefile AS file ON file.project_id = reference.project_id AND file.path = reference.text
    JOIN processing_codeobject AS object ON object.file_id = file.id AND object.kind = 'file'
    WHERE reference.kind = 'path'
), by_name AS (
    SELECT reference.memory_id, object.id, NULL::uuid AS tombstone_id, object.uid, object.kind, reference.how,
           CASE WHEN object.qualified_name = reference.text THEN 0.95
                WHEN reference.how = 'qualified_name' THEN 0.8
                ELSE 0.6 END
           / count(*) OVER (PARTITION BY reference.memory_id, reference.how, reference.text) AS confidence,
           count(*) OVER (PARTITION BY reference.memory_id, reference.how, reference.text) AS candidates
    FROM reference
    JOIN processing_codeobject AS object
      ON object.project_id = reference.project_id
     AND object.name = reverse(split_part(reverse(reference.text), '.', 1))
     AND object.kind <> 'file'
     AND (reference.how = 'identifier' OR ('.' || object.qualified_name) LIKE '%%.' || replace(reference.text, '_', '\_'))
    WHERE reference.kind = 'name'
), gone_by_path AS (
    SELECT reference.memory_id, NULL::uuid AS id, gone.id AS tombstone_id, gone.uid, gone.kind, reference.how,
           CASE reference.how WHEN 'tool_edit' THEN 1.0 WHEN 'tool_read' THEN 0.8 ELSE 0.9 END AS confidence
    FROM reference
    JOIN graph_tombstone AS gone ON gone.project_id = reference.project_id AND gone.path = reference.text
    WHERE reference.kind = 'path' AND gone.kind = 'file' AND gone.deleted_at IS NOT NULL
), gone_by_name AS (
    SELECT reference.memory_id, NULL::uuid AS id, gone.id AS tombstone_id, gone.uid, gone.kind, reference.how,
           CASE WHEN gone.qualified_name = reference.text THEN 0.95
                WHEN reference.how = 'qualified_name' THEN 0.8
                ELSE 0.6 END
           / count(*) OVER (PARTITION BY reference.memory_id, reference.how, reference.text) AS confidence
    FROM reference
    JOIN graph_tombstone AS gone
      ON gone.project_id = reference.project_id
     AND gone.name = reverse(split_part(reverse(reference.text), '.', 1))
     AND gone.kind <> 'file'
     AND gone.deleted_at IS NOT NULL
     AND (reference.how = 'identifier' OR ('.' || gone.qualified_name) LIKE '%%.' || replace(reference.text, '_', '\_'))
    WHERE reference.kind = 'name'
)
SELECT DISTINCT ON (memory_id, id, tombstone_id, how)
       memory_id, id, tombstone_id, uid, kind, how, confidence::float8
FROM (
    SELECT memory_id, id, tombstone_id, uid, kind, how, confidence FROM by_path
    UNION ALL
    SELECT memory_id, id, tombstone_id, uid, kind, how, confidence FROM by_name WHERE candidates <= 5
    UNION ALL
    SELECT memory_id, id, tombstone_id, uid, kind, how, confidence FROM gone_by_path
    UNION ALL
    SELECT memory_id, id, tombstone_id, uid, kind, how, confidence FROM gone_by_name
) AS link
ORDER BY memory_id, id, tombstone_id, how, confidence DESC
