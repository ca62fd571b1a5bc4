-- Memories and vectors that nothing accepted stands for. No parameters. Result: what, id.
SELECT 'memory' AS what, memory.id::text FROM processing_memory AS memory
WHERE memory.source_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM memory_queue AS accepted WHERE accepted.id = memory.source_id)
UNION ALL
SELECT 'vector', embedding.id::text FROM processing_embedding AS embedding
WHERE embedding.subject_kind = 'memory'
  AND NOT EXISTS (SELECT FROM processing_memory WHERE content_hash = embedding.source_hash)
