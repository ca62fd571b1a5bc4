-- What session and file some rows belong to; a memory to the first file that it names. Parameters: memory_ids,
-- code_ids, summary_ids (uuid[]). Result: id, session_key, session_title, file_key, file_title; NULL if it has none.
SELECT memory.id, session.id::text, coalesce(nullif(session.title, ''), session.key),
       coalesce(memory.project_id::text, '') || ':' || memory.file_paths[1], memory.file_paths[1]
FROM processing_memory AS memory LEFT JOIN processing_session AS session ON session.id = memory.session_id
WHERE memory.id = ANY(%(memory_ids)s::uuid[])
UNION ALL
SELECT object.id, NULL, NULL, object.project_id::text || ':' || file.path, file.path
FROM processing_codeobject AS object JOIN processing_codefile AS file ON file.id = object.file_id
WHERE object.id = ANY(%(code_ids)s::uuid[])
UNION ALL
SELECT summary.id, session.id::text, coalesce(nullif(session.title, ''), session.key),
       summary.project_id::text || ':' || nullif(summary.path, ''), nullif(summary.path, '')
FROM processing_summary AS summary LEFT JOIN processing_session AS session ON session.id = summary.session_id
WHERE summary.id = ANY(%(summary_ids)s::uuid[])
