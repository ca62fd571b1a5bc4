-- A part of hybrid.sql: how alive the candidates are that were read. It reads `fused` (the candidates).
-- Parameters: activation_boost. Result: id, activation (0 to 1); none of what nobody read or what is archived.
--
-- ACT-R's base level over the 50 newest times that somebody read the memory by its id, ln(sum(seconds ^ -0.5)), plus
-- its importance, less 3 if a confirmed contradiction speaks against it, through 1 / (1 + e^-((x + 5.5) / 1.5)). Time
-- stands still until the full hour, so that pages fit.
SELECT memory.id,
       1 / (1 + exp(-(ln(reads.level) + memory.importance - CASE WHEN EXISTS (
           SELECT FROM processing_contradiction WHERE contradicted_id = memory.id AND state = 'confirmed'
       ) THEN 3 ELSE 0 END + 5.5) / 1.5)) AS activation
FROM fused
JOIN processing_memory AS memory ON memory.id = fused.id
CROSS JOIN LATERAL (
    SELECT sum(power(greatest(extract(epoch FROM date_trunc('hour', now()) - accessed_at)::float8, 1), -0.5)) AS level
    FROM (
        SELECT accessed_at FROM processing_memoryaccess
        WHERE memory_id = memory.id AND way = 'read' AND accessed_at < date_trunc('hour', now())
        ORDER BY accessed_at DESC LIMIT 50) AS newest) AS reads
LEFT JOIN processing_memorystrength AS strength ON strength.memory_id = memory.id
WHERE %(activation_boost)s > 0 AND reads.level IS NOT NULL AND strength.layer IS DISTINCT FROM 'archive'
