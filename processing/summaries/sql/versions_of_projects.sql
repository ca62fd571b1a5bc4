-- The present fingerprint of what summaries of projects rest on: files, sessions' summaries, patterns. Parameters:
-- arrays of one length: projects, visibilities, authors (of the summary); most_sessions, most_patterns.
-- Result: place (in the arrays, from 1), version.
SELECT asked.place, md5(concat_ws(' ', code.said, talk.said, found.said))
FROM unnest(%(projects)s::uuid[], %(visibilities)s::text[], %(authors)s::uuid[])
    WITH ORDINALITY AS asked (id, visibility, author_id, place)
CROSS JOIN LATERAL (
    SELECT concat_ws(' ', count(*), max(file.updated_at), sum(file.revision)) AS said
    FROM processing_codefile AS file WHERE file.project_id = asked.id
) AS code
CROSS JOIN LATERAL (
    SELECT string_agg(newest.id::text || newest.generated_at::text, ' ' ORDER BY newest.id) AS said
    FROM (
        SELECT summary.id, summary.generated_at FROM processing_summary AS summary
        WHERE summary.project_id = asked.id AND summary.kind = 'session'
          AND (summary.visibility = 'workspace'
               OR (asked.visibility = 'private' AND summary.author_id = asked.author_id))
        ORDER BY summary.moment DESC, summary.id DESC LIMIT %(most_sessions)s
    ) AS newest
) AS talk
CROSS JOIN LATERAL (
    SELECT string_agg(newest.id::text || newest.title, ' ' ORDER BY newest.id) AS said
    FROM (
        SELECT pattern.id, pattern.title FROM processing_pattern AS pattern
        WHERE pattern.project_id = asked.id AND pattern.confidence > 0 AND pattern.state <> 'dismissed'
          AND (pattern.visibility = 'workspace'
               OR (asked.visibility = 'private' AND pattern.author_id = asked.author_id))
        ORDER BY pattern.last_seen DESC, pattern.id DESC LIMIT %(most_patterns)s
    ) AS newest
) AS found
