-- Memories that are near code whose vectors are new, or that vectors linked to it when it was another text. The
-- placeholder takes unlinked_memories.sql, with its parameters. Parameters besides: code_ids, model, least
-- (similarity). Result: id. Its cost is the number of new vectors times that of the projects' unlinked memories.
WITH code AS MATERIALIZED (
    SELECT object.project_id, l2_normalize(embedding.vector) AS vector
    FROM processing_codeobject AS object
    JOIN processing_embedding AS embedding ON embedding.source_hash = object.content_hash
    WHERE object.id = ANY(%(code_ids)s) AND embedding.subject_kind = 'code' AND embedding.model = %(model)s AND object.content ~ '\S'
), said AS MATERIALIZED (
    SELECT memory.id, memory.project_id, l2_normalize(embedding.vector) AS vector
    FROM (
        {unlinked}
    ) AS unlinked
    JOIN processing_memory AS memory ON memory.id = unlinked.id
    JOIN processing_embedding AS embedding ON embedding.source_hash = memory.content_hash
    WHERE memory.project_id IN (SELECT project_id FROM code)
      AND embedding.subject_kind = 'memory' AND embedding.model = %(model)s
)
SELECT said.id
FROM said
JOIN code USING (project_id)
WHERE -(said.vector <#> code.vector) >= %(least)s
UNION
SELECT link.memory_id
FROM processing_memorylink AS link
WHERE link.code_object_id = ANY(%(code_ids)s) AND link.how = 'vector'
