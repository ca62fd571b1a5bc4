-- What holds instead of memories that confirmed contradictions speak against, whatever was said in between.
-- Parameters: ids. Result: contradicted, holder (against which nothing speaks); the newest of several. None where
-- contradictions lead in a circle. Only what the reader may see counts.
WITH RECURSIVE held AS (
    SELECT contradicted_id AS lost, CASE WHEN first_id = contradicted_id THEN second_id ELSE first_id END AS holder
    FROM processing_contradiction
    WHERE contradicted_id = ANY(%(ids)s::uuid[]) AND state = 'confirmed'
    UNION
    SELECT held.lost, CASE WHEN next.first_id = next.contradicted_id THEN next.second_id ELSE next.first_id END
    FROM held JOIN processing_contradiction AS next ON next.contradicted_id = held.holder AND next.state = 'confirmed'
)
SELECT DISTINCT ON (held.lost) held.lost, held.holder
FROM held
JOIN processing_memory AS memory ON memory.id = held.holder
WHERE NOT EXISTS (
    SELECT FROM processing_contradiction WHERE contradicted_id = held.holder AND state = 'confirmed'
)
ORDER BY held.lost, memory.occurred_at DESC, held.holder
