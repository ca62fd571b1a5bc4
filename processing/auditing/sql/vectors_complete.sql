-- Texts marked embedded whose vectors of the active model do not cover them: chunks numbered 0..n-1 that begin
-- at or before the first word and end at or after the last. A blank text has none.
-- Texts of a workspace without embeddings are `text_only` and not judged.
-- Parameters: workspace, model. Result: one row (violations, up to five ids).
WITH subject AS (
    SELECT 'memory' AS kind, id, content_hash, content AS text
    FROM processing_memory
    WHERE workspace_id = %(workspace)s AND processing_status = 'embedded' AND content ~ '\S'
    UNION ALL
    SELECT 'code', id, content_hash, qualified_name || E'\n' || content
    FROM processing_codeobject
    WHERE workspace_id = %(workspace)s AND processing_status = 'embedded'
    UNION ALL
    SELECT 'summary', id, content_hash, content
    FROM processing_summary
    WHERE workspace_id = %(workspace)s AND processing_status = 'embedded' AND content ~ '\S'
), vectors AS (
    SELECT subject_kind, source_hash, count(*) AS chunks, min(chunk_no) AS first, max(chunk_no) AS last,
           min("start") AS starts, max("end") AS ends
    FROM processing_embedding
    WHERE workspace_id = %(workspace)s AND model = %(model)s
    GROUP BY subject_kind, source_hash
)
SELECT count(*), (array_agg(subject.kind || ' ' || subject.id ORDER BY subject.id))[1:5]
FROM subject
LEFT JOIN vectors ON vectors.subject_kind = subject.kind AND vectors.source_hash = subject.content_hash
WHERE vectors.chunks IS NULL OR vectors.first <> 0 OR vectors.chunks <> vectors.last + 1
   OR left(subject.text, vectors.starts) ~ '\S' OR substr(subject.text, vectors.ends + 1) ~ '\S'
