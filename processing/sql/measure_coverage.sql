-- How much of a workspace's texts a model has vectors of; texts that are equal count once. Parameters: workspace,
-- model, asked (names that rows know it by). Result: one row (texts, covered, refused, bytes of the others).
WITH subject AS (
    SELECT 'memory' AS kind, id, content_hash, octet_length(content) AS bytes
    FROM processing_memory WHERE workspace_id = %(workspace)s AND content ~ '\S'
    UNION ALL
    SELECT 'code', id, content_hash, octet_length(qualified_name) + 1 + octet_length(content)
    FROM processing_codeobject WHERE workspace_id = %(workspace)s
    UNION ALL
    SELECT 'summary', id, content_hash, octet_length(content)
    FROM processing_summary WHERE workspace_id = %(workspace)s AND content ~ '\S'
), text AS (
    SELECT kind, content_hash, min(bytes) AS bytes,
        EXISTS (
            SELECT FROM processing_embedding AS embedding
            WHERE embedding.workspace_id = %(workspace)s AND embedding.model = %(model)s
              AND embedding.subject_kind = kind AND embedding.source_hash = content_hash
        ) AS covered,
        bool_or(refusal.id IS NOT NULL) AS refused
    FROM subject
    LEFT JOIN embed_queue AS refusal
        ON refusal.workspace_id = %(workspace)s AND refusal.status = 'dead' AND refusal.subject_id = subject.id
        AND refusal.model = ANY(%(asked)s)
    GROUP BY kind, content_hash
)
SELECT count(*), count(*) FILTER (WHERE covered), count(*) FILTER (WHERE refused AND NOT covered),
    coalesce(sum(bytes) FILTER (WHERE NOT covered AND NOT refused), 0)
FROM text
