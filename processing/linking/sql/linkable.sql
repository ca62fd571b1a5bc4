-- Memories that vectors may link to code: words of a person or an assistant, in a project, and enough of them to mean
-- something by themselves. Parameters: memory_ids (NULL: all), fewest_words. Result: id, project_id, content_hash.
SELECT memory.id, memory.project_id, memory.content_hash
FROM processing_memory AS memory
WHERE memory.project_id IS NOT NULL AND memory.role IN ('user', 'assistant')
  AND (%(memory_ids)s::uuid[] IS NULL OR memory.id = ANY(%(memory_ids)s))
  AND regexp_count(left(memory.content, 1000), '\w+') >= %(fewest_words)s
