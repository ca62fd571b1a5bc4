-- How many of some rows have each project, language, kind, code kind, role, session and month (of UTC; of code the
-- month its file changed). Parameters: memory_ids, code_ids, summary_ids (uuid[]), most (of a facet).
-- Result: facet, value, label (the name of a project, the title of a session), count; the most frequent first.
WITH candidate AS (
    SELECT 'memory' AS kind, project_id, session_id, role, NULL AS language, NULL AS code_kind, occurred_at AS moment
    FROM processing_memory WHERE id = ANY(%(memory_ids)s::uuid[])
    UNION ALL
    SELECT 'code', object.project_id, NULL, NULL, file.language, object.kind,
           coalesce(file.last_modified, file.updated_at)
    FROM processing_codeobject AS object JOIN processing_codefile AS file ON file.id = object.file_id
    WHERE object.id = ANY(%(code_ids)s::uuid[])
    UNION ALL
    SELECT 'summary', project_id, session_id, NULL, NULL, NULL, moment
    FROM processing_summary WHERE id = ANY(%(summary_ids)s::uuid[])
), counted AS (
    SELECT part.facet, part.value, part.id, count(*) AS count
    FROM candidate CROSS JOIN LATERAL (VALUES
        ('projects', project_id::text, project_id), ('sessions', session_id::text, session_id),
        ('languages', language, NULL), ('kinds', kind, NULL), ('codeKinds', code_kind, NULL), ('roles', role, NULL),
        ('months', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM'), NULL)
    ) AS part (facet, value, id)
    WHERE part.value <> ''
    GROUP BY part.facet, part.value, part.id
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY facet ORDER BY count DESC, value) AS place FROM counted
)
SELECT ranked.facet, ranked.value, coalesce(project.name, nullif(session.title, ''), session.key, ''), ranked.count
FROM ranked
LEFT JOIN workspaces_project AS project ON ranked.facet = 'projects' AND project.id = ranked.id
LEFT JOIN processing_session AS session ON ranked.facet = 'sessions' AND session.id = ranked.id
WHERE ranked.place <= %(most)s
  AND (ranked.id IS NULL OR coalesce(project.id, session.id) IS NOT NULL)  -- else its name is another's secret
ORDER BY ranked.facet, ranked.place
