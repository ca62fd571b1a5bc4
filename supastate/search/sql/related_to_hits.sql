-- What belongs to each of some rows: of a memory the turns before and after it, others that name the same file, and
-- the code it is about; of code what stands beside it in its file, and the memories about it. Parameters: memory_ids,
-- code_ids (uuid[]), most (of each relation). Result: subject_id, relation, kind, id (of code its uid), text, place
-- (JSON: path and line, or when it happened and who spoke), confidence, nearness; the closest first.
WITH memory AS MATERIALIZED (
    SELECT id, session_id, occurred_at FROM processing_memory WHERE id = ANY(%(memory_ids)s::uuid[])
), object AS MATERIALIZED (
    SELECT id, file_id, start_line FROM processing_codeobject WHERE id = ANY(%(code_ids)s::uuid[])
), related AS (
    SELECT memory.id AS subject_id, 'previous_turn' AS relation, turn.id AS memory_id, NULL::uuid AS code_id,
           NULL::float8 AS confidence, 1 AS nearness
    FROM memory CROSS JOIN LATERAL (
        SELECT id FROM processing_memory AS other
        WHERE other.session_id = memory.session_id AND (other.occurred_at, other.id) < (memory.occurred_at, memory.id)
        ORDER BY other.occurred_at DESC, other.id DESC LIMIT 1) AS turn
    UNION ALL
    SELECT memory.id, 'next_turn', turn.id, NULL, NULL, 1
    FROM memory CROSS JOIN LATERAL (
        SELECT id FROM processing_memory AS other
        WHERE other.session_id = memory.session_id AND (other.occurred_at, other.id) > (memory.occurred_at, memory.id)
        ORDER BY other.occurred_at, other.id LIMIT 1) AS turn
    UNION ALL
    SELECT memory.id, 'same_file', twin.memory_id, NULL, NULL, row_number() OVER (PARTITION BY memory.id)
    FROM memory CROSS JOIN LATERAL (
        SELECT DISTINCT recent.memory_id
        FROM (
            SELECT mine.code_object_id FROM processing_memorylink AS mine
            JOIN processing_codeobject AS file ON file.id = mine.code_object_id AND file.kind = 'file'
            WHERE mine.memory_id = memory.id ORDER BY mine.confidence DESC, mine.id LIMIT 1
        ) AS first_file CROSS JOIN LATERAL (
            SELECT other.memory_id FROM processing_memorylink AS other
            WHERE other.code_object_id = first_file.code_object_id AND other.memory_id <> memory.id
            ORDER BY other.memory_id DESC LIMIT 3 * %(most)s
        ) AS recent
        ORDER BY recent.memory_id DESC LIMIT %(most)s) AS twin
    UNION ALL
    SELECT memory.id, 'linked_code', NULL, link.code_object_id, link.confidence,
           row_number() OVER (PARTITION BY memory.id ORDER BY link.confidence DESC)
    FROM memory CROSS JOIN LATERAL (
        SELECT code_object_id, max(confidence) AS confidence FROM processing_memorylink
        WHERE memory_id = memory.id
        GROUP BY code_object_id ORDER BY max(confidence) DESC, code_object_id LIMIT %(most)s) AS link
    UNION ALL
    SELECT object.id, 'same_file', NULL, sibling.id, NULL, row_number() OVER (PARTITION BY object.id)
    FROM object CROSS JOIN LATERAL (
        SELECT other.id FROM processing_codeobject AS other
        WHERE other.file_id = object.file_id AND other.id <> object.id AND other.kind <> 'file'
        ORDER BY abs(other.start_line - object.start_line), other.start_line, other.id LIMIT %(most)s) AS sibling
    UNION ALL
    SELECT object.id, 'linked_memory', link.memory_id, NULL, link.confidence,
           row_number() OVER (PARTITION BY object.id ORDER BY link.confidence DESC)
    FROM object CROSS JOIN LATERAL (
        SELECT recent.memory_id, max(recent.confidence) AS confidence
        FROM (
            SELECT memory_id, confidence FROM processing_memorylink WHERE code_object_id = object.id
            ORDER BY memory_id DESC LIMIT 20 * %(most)s
        ) AS recent
        GROUP BY recent.memory_id ORDER BY max(recent.confidence) DESC, recent.memory_id DESC LIMIT %(most)s) AS link
)
SELECT related.subject_id, related.relation, 'memory', memory.id::text, left(memory.content, 300),
       jsonb_build_object('occurredAt', memory.occurred_at, 'role', memory.role)::text, related.confidence, related.nearness
FROM related JOIN processing_memory AS memory ON memory.id = related.memory_id
UNION ALL
SELECT related.subject_id, related.relation, 'code', code.uid, code.qualified_name,
       jsonb_build_object('path', file.path, 'startLine', code.start_line)::text, related.confidence, related.nearness
FROM related JOIN processing_codeobject AS code ON code.id = related.code_id
JOIN processing_codefile AS file ON file.id = code.file_id
ORDER BY 1, 2, 8
