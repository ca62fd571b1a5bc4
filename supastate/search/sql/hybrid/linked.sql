-- A part of hybrid.sql: candidates that one of the best is linked to. It reads `fused` (the candidates) and `best`.
-- Parameters: subject_kind, turn_boost, link_boost. Result: id, part (of the score): a share of the way up to the hit
-- that it is linked to, so that no link lifts anything past what it is linked to.
--
-- A memory is linked to the two turns before and after it in its session, the second half as much as the next, and to
-- memories about the same code; code to code that the same memory is about, of the 20 newest of each definition. Both
-- links' confidence counts. Row-level security hides a memory, or code, through which a reader must not see.
WITH link AS MATERIALIZED (
    SELECT link.memory_id, object.id AS code_object_id, link.confidence
    FROM fused
    JOIN processing_memorylink AS link ON link.memory_id = fused.id
    JOIN processing_codeobject AS object ON object.id = link.code_object_id
    WHERE %(subject_kind)s = 'memory' AND %(link_boost)s > 0
), near AS (
    SELECT turn.id, best.relevance, %(turn_boost)s::float8 / turn.steps AS share
    FROM best
    JOIN processing_memory AS memory ON memory.id = best.id
    CROSS JOIN LATERAL (
        (SELECT id, row_number() OVER (ORDER BY occurred_at DESC, id DESC) AS steps FROM processing_memory
         WHERE session_id = memory.session_id AND (occurred_at, id) < (memory.occurred_at, memory.id)
         ORDER BY occurred_at DESC, id DESC LIMIT 2)
        UNION ALL
        (SELECT id, row_number() OVER (ORDER BY occurred_at, id) AS steps FROM processing_memory
         WHERE session_id = memory.session_id AND (occurred_at, id) > (memory.occurred_at, memory.id)
         ORDER BY occurred_at, id LIMIT 2)) AS turn
    WHERE %(turn_boost)s > 0
    UNION ALL
    SELECT theirs.memory_id, best.relevance, %(link_boost)s::float8 * mine.confidence * theirs.confidence
    FROM best
    JOIN link AS mine ON mine.memory_id = best.id
    JOIN link AS theirs ON theirs.code_object_id = mine.code_object_id AND theirs.memory_id <> best.id
    UNION ALL
    SELECT theirs.code_object_id, best.relevance, %(link_boost)s::float8 * mine.confidence * theirs.confidence
    FROM best
    CROSS JOIN LATERAL (
        SELECT memory_id, confidence FROM processing_memorylink
        WHERE code_object_id = best.id
        ORDER BY memory_id DESC LIMIT 20) AS mine
    JOIN processing_memory AS memory ON memory.id = mine.memory_id
    JOIN processing_memorylink AS theirs ON theirs.memory_id = memory.id AND theirs.code_object_id <> best.id
    WHERE %(subject_kind)s = 'code' AND %(link_boost)s > 0
)
SELECT fused.id, max(near.share * (near.relevance - fused.relevance)) AS part
FROM near JOIN fused USING (id)
WHERE near.relevance > fused.relevance
GROUP BY fused.id
