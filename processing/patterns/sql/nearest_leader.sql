-- The leader nearest to a vector, if near enough: of the leaders nearest by signature, the nearest by cosine.
-- Parameters: model, project (NULL: of none), visibility, author (NULL: of anybody), signature (bits as text),
-- vector (as text), candidates, least (cosine). Result: memory id, or nothing.
SELECT near.memory_id
FROM (
    SELECT leader.memory_id, leader.workspace_id
    FROM processing_topicleader AS leader
    WHERE leader.model = %(model)s AND leader.project_id IS NOT DISTINCT FROM %(project)s::uuid
      AND leader.visibility = %(visibility)s
      AND (%(author)s::uuid IS NULL OR leader.author_id = %(author)s::uuid)
    ORDER BY leader.signature <~> %(signature)s::bit(1024)
    LIMIT %(candidates)s
) AS near
JOIN processing_memory AS memory  -- a leader that became private since is quoted to nobody
  ON memory.id = near.memory_id AND memory.visibility = %(visibility)s
JOIN processing_embedding AS embedding
  ON embedding.workspace_id = near.workspace_id AND embedding.subject_kind = 'memory'
 AND embedding.model = %(model)s AND embedding.source_hash = memory.content_hash AND embedding.chunk_no = 0
WHERE 1 - (embedding.vector <=> %(vector)s::vector) > %(least)s
ORDER BY embedding.vector <=> %(vector)s::vector, near.memory_id
LIMIT 1
