-- What is said nearest to some memories, of the same project and such that somebody may see both. Parameters: ids,
-- model, most (neighbours of each), least (cosine). Result: of the pair, the one that happened first before
-- the other: id, content, id, content; cosine. Only words of people and assistants; of each text its beginning.
-- One look-up for each of `ids`. The placeholder `cast` makes the vectors those of the model's index, where it is to
-- be walked (walk_index.sql); it is empty where all are compared.
-- A private memory's project is its author's own, so projects are compared by what they are known as.
WITH fresh AS MATERIALIZED (
    SELECT memory.id, memory.author_id, memory.visibility, memory.occurred_at, left(memory.content, 4000) AS content,
           project.identity, embedding.vector
    FROM processing_memory AS memory
    LEFT JOIN workspaces_project AS project ON project.id = memory.project_id
    JOIN processing_embedding AS embedding
      ON embedding.workspace_id = memory.workspace_id AND embedding.subject_kind = 'memory'
     AND embedding.model = %(model)s AND embedding.source_hash = memory.content_hash AND embedding.chunk_no = 0
    WHERE memory.id = ANY(%(ids)s::uuid[]) AND memory.role IN ('user', 'assistant') AND memory.tool IS NULL
), pair AS (
    SELECT DISTINCT ON (least(fresh.id, other.id), greatest(fresh.id, other.id))
           fresh.id, fresh.content, fresh.occurred_at, other.id AS other_id, left(other.content, 4000) AS other_content,
           other.occurred_at AS other_occurred_at, 1 - near.distance AS cosine
    FROM fresh
    CROSS JOIN LATERAL (
        SELECT source_hash, vector{cast} <=> fresh.vector{cast} AS distance
        FROM processing_embedding
        WHERE subject_kind = 'memory' AND model = %(model)s
        ORDER BY vector{cast} <=> fresh.vector{cast}
        LIMIT %(most)s
    ) AS near
    JOIN processing_memory AS other ON other.content_hash = near.source_hash AND other.id <> fresh.id
    LEFT JOIN workspaces_project AS project ON project.id = other.project_id
    WHERE near.distance <= 1 - %(least)s::float8
      AND other.role IN ('user', 'assistant') AND other.tool IS NULL
      AND project.identity IS NOT DISTINCT FROM fresh.identity
      AND (fresh.visibility = 'workspace' OR other.visibility = 'workspace' OR fresh.author_id = other.author_id)
)
SELECT CASE WHEN is_first THEN id ELSE other_id END, CASE WHEN is_first THEN content ELSE other_content END,
       CASE WHEN is_first THEN other_id ELSE id END, CASE WHEN is_first THEN other_content ELSE content END, cosine
FROM (SELECT *, (occurred_at, id) < (other_occurred_at, other_id) AS is_first FROM pair) AS ordered
