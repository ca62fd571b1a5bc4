-- Memories that are about the same code as one. Parameters: memory_id, most. Result: id, score (0 to 1), shared (how
-- many definitions and files both are about), name (of the surest of them); the closest first. With c the product of
-- both links' confidence, the score is the chance that one of the shared is right: 1 - product of (1 - c).
-- Of code that very many speak of, the 200 newest links are looked at.
WITH mine AS (
    SELECT code_object_id, max(confidence) AS confidence FROM processing_memorylink
    WHERE memory_id = %(memory_id)s GROUP BY code_object_id
), shared AS (
    SELECT theirs.memory_id, mine.code_object_id, max(least(mine.confidence * theirs.confidence, 0.999)) AS certainty
    FROM mine CROSS JOIN LATERAL (
        SELECT memory_id, confidence FROM processing_memorylink AS link
        WHERE link.code_object_id = mine.code_object_id AND link.memory_id <> %(memory_id)s
        ORDER BY link.memory_id DESC LIMIT 200) AS theirs
    GROUP BY theirs.memory_id, mine.code_object_id
)
SELECT memory.id, 1 - exp(sum(ln(1 - shared.certainty))) AS score, count(*) AS shared,
       (array_agg(object.qualified_name ORDER BY shared.certainty DESC, object.qualified_name))[1] AS name
FROM shared
JOIN processing_memory AS memory ON memory.id = shared.memory_id
JOIN processing_codeobject AS object ON object.id = shared.code_object_id
GROUP BY memory.id
ORDER BY score DESC, memory.id DESC
LIMIT %(most)s
