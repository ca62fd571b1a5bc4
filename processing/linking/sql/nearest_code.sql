-- The code of their own project that memories are nearest to, by the vectors of one model. The placeholder takes
-- linkable.sql, with its parameters. Parameters besides: model, least (similarity), most (links of a memory).
-- Result: memory_id, code_object_id, uid, kind, similarity (the best of any two chunks).
-- A file whose text is all in its definitions is left out: only its name would be compared.
-- One pass over the projects' vectors for all memories; lengths of 1 make the inner product the cosine. Normalising
-- also reads a long vector from its TOAST table once, and not once a pair.
WITH linkable AS (
    {linkable}
), said AS MATERIALIZED (
    SELECT linkable.id, linkable.project_id, l2_normalize(embedding.vector) AS vector
    FROM linkable
    JOIN processing_embedding AS embedding ON embedding.source_hash = linkable.content_hash
    WHERE embedding.subject_kind = 'memory' AND embedding.model = %(model)s
), code AS MATERIALIZED (
    SELECT object.id, object.project_id, l2_normalize(embedding.vector) AS vector
    FROM processing_codeobject AS object
    JOIN processing_embedding AS embedding ON embedding.source_hash = object.content_hash
    WHERE object.project_id IN (SELECT project_id FROM said)
      AND embedding.subject_kind = 'code' AND embedding.model = %(model)s AND object.content ~ '\S'
), near AS (
    SELECT said.id AS memory_id, code.id AS code_object_id, max(-(said.vector <#> code.vector)) AS similarity
    FROM code
    JOIN said USING (project_id)
    WHERE -(said.vector <#> code.vector) >= %(least)s
    GROUP BY said.id, code.id
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY memory_id ORDER BY similarity DESC, code_object_id) AS place FROM near
)
SELECT ranked.memory_id, object.id, object.uid, object.kind, ranked.similarity
FROM ranked
JOIN processing_codeobject AS object ON object.id = ranked.code_object_id
WHERE ranked.place <= %(most)s
