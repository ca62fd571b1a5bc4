-- Links memories that were given to one reader within 30 seconds. Parameters: workspace, since (NULL: ever), moment.
-- The third time makes a link of strength 1, every further time adds 0.1. The earlier of two accesses lies in
-- (since - 30 s, moment], the later one after `since`, so that a pair across two cycles counts once.
INSERT INTO processing_memoryassociation AS known (
    id, workspace_id, first_id, second_id, count, strength, last_together_at
)
SELECT uuidv7(), %(workspace)s, first, second, number, CASE WHEN number < 3 THEN 0 ELSE 1 + 0.1 * (number - 3) END, last
FROM (
    SELECT least(one.memory_id, other.memory_id) AS first, greatest(one.memory_id, other.memory_id) AS second,
           count(*) AS number, max(other.accessed_at) AS last
    FROM processing_memoryaccess AS one
    CROSS JOIN LATERAL (
        SELECT id, memory_id, accessed_at FROM processing_memoryaccess
        WHERE workspace_id = one.workspace_id AND reader_id = one.reader_id
          AND accessed_at BETWEEN one.accessed_at AND one.accessed_at + interval '30 seconds'
        OFFSET 0  -- one walk along access_of_reader for each, whatever the statistics
    ) AS other
    WHERE one.workspace_id = %(workspace)s
      AND other.memory_id <> one.memory_id AND (other.accessed_at, other.id) > (one.accessed_at, one.id)
      AND (%(since)s::timestamptz IS NULL
           OR (one.accessed_at > %(since)s::timestamptz - interval '30 seconds' AND other.accessed_at > %(since)s))
      AND other.accessed_at <= %(moment)s
    GROUP BY 1, 2
) AS pair
ON CONFLICT (first_id, second_id) DO UPDATE
SET count = known.count + excluded.count,
    strength = CASE
        WHEN known.count >= 3 THEN known.strength + 0.1 * excluded.count
        WHEN known.count + excluded.count >= 3 THEN 1 + 0.1 * (known.count + excluded.count - 3)
        ELSE 0 END,
    last_together_at = excluded.last_together_at
