-- The vectors of the first chunks of memories. Parameters: ids, model. Result: id, vector (real[]).
SELECT memory.id, embedding.vector::real[]
FROM processing_memory AS memory
JOIN processing_embedding AS embedding
  ON embedding.workspace_id = memory.workspace_id AND embedding.subject_kind = 'memory'
 AND embedding.model = %(model)s AND embedding.source_hash = memory.content_hash AND embedding.chunk_no = 0
WHERE memory.id = ANY(%(ids)s)
