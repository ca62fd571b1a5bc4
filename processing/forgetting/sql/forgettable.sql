-- Memories that a policy forgets: archived ones that nobody read, changed or restored lately. Never what is pinned,
-- what a confirmed pattern rests on, or what holds against a memory that it contradicts. Parameters: workspace; after,
-- upto (ids: later than the one, up to the other); untouched_since. Result: id.
SELECT memory.id
FROM processing_memorystrength AS strength
JOIN processing_memory AS memory ON memory.id = strength.memory_id
WHERE strength.workspace_id = %(workspace)s
  AND strength.memory_id > %(after)s AND strength.memory_id <= %(upto)s
  AND strength.layer = 'archive' AND NOT strength.pinned
  AND (strength.last_accessed_at IS NULL OR strength.last_accessed_at <= %(untouched_since)s)
  AND memory.forgotten_at IS NULL
  AND memory.created_at <= %(untouched_since)s AND memory.updated_at <= %(untouched_since)s
  AND NOT EXISTS (
      SELECT FROM processing_memoryaccess AS access
      WHERE access.memory_id = memory.id AND access.accessed_at > %(untouched_since)s
  )
  AND NOT EXISTS (
      SELECT FROM (
          SELECT state, contradicted_id FROM processing_contradiction WHERE first_id = memory.id
          UNION ALL
          SELECT state, contradicted_id FROM processing_contradiction WHERE second_id = memory.id
      ) AS contradiction
      WHERE contradiction.state = 'confirmed' AND contradiction.contradicted_id <> memory.id
  )
  AND memory.id NOT IN (
      SELECT unnest(occurrence.memory_ids)
      FROM processing_pattern AS pattern
      JOIN processing_patternoccurrence AS occurrence ON occurrence.pattern_id = pattern.id
      WHERE pattern.workspace_id = %(workspace)s AND pattern.state = 'confirmed'
  )
