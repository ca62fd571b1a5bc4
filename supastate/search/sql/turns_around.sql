-- The turns before and after a memory in its session; of a memory without one what its author left in the same project
-- within a day. Parameters: memory_id, most (in each direction). Result: id, steps (negative: before; 1: the next).
WITH memory AS MATERIALIZED (
    SELECT id, session_id, project_id, author_id, occurred_at FROM processing_memory WHERE id = %(memory_id)s
), earlier AS (
    SELECT turn.id, -row_number() OVER (ORDER BY turn.occurred_at DESC, turn.id DESC) AS steps
    FROM memory CROSS JOIN LATERAL (
        (SELECT id, occurred_at FROM processing_memory
         WHERE session_id = memory.session_id AND (occurred_at, id) < (memory.occurred_at, memory.id)
         ORDER BY occurred_at DESC, id DESC LIMIT %(most)s)
        UNION ALL
        (SELECT id, occurred_at FROM processing_memory
         WHERE memory.session_id IS NULL AND author_id = memory.author_id
           AND project_id IS NOT DISTINCT FROM memory.project_id
           AND occurred_at >= memory.occurred_at - interval '1 day'
           AND (occurred_at, id) < (memory.occurred_at, memory.id)
         ORDER BY occurred_at DESC, id DESC LIMIT %(most)s)) AS turn
), later AS (
    SELECT turn.id, row_number() OVER (ORDER BY turn.occurred_at, turn.id) AS steps
    FROM memory CROSS JOIN LATERAL (
        (SELECT id, occurred_at FROM processing_memory
         WHERE session_id = memory.session_id AND (occurred_at, id) > (memory.occurred_at, memory.id)
         ORDER BY occurred_at, id LIMIT %(most)s)
        UNION ALL
        (SELECT id, occurred_at FROM processing_memory
         WHERE memory.session_id IS NULL AND author_id = memory.author_id
           AND project_id IS NOT DISTINCT FROM memory.project_id
           AND occurred_at <= memory.occurred_at + interval '1 day'
           AND (occurred_at, id) > (memory.occurred_at, memory.id)
         ORDER BY occurred_at, id LIMIT %(most)s)) AS turn
)
SELECT id, steps FROM (SELECT * FROM earlier UNION ALL SELECT * FROM later) AS turn
ORDER BY abs(steps), steps
LIMIT %(most)s
