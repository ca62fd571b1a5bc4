-- What tells how far memories can be relied on. Parameters: arrays of one length: ids, sightings (ids of the
-- occurrences in which detection keeps that a memory says what was said before). Result: id, type, importance,
-- confidence (NULL: nobody said), idle_days (whole days since it happened or was read), access_count, consolidations,
-- sessions (others that say the same: in its topic, or in the very same text), is_topic_confirmed, is_disputed,
-- contradicted_by, contradicts (ids, of confirmed contradictions). Only what the reader may see counts.
SELECT memory.id, memory.type, memory.importance, memory.confidence,
       greatest(current_date - greatest(memory.occurred_at, strength.last_accessed_at)::date, 0),
       coalesce(strength.access_count, 0), coalesce(strength.consolidations, 0),
       greatest(coalesce((topic.details->>'sessions')::integer - 1, 0), twin.sessions),
       coalesce(topic.state = 'confirmed', false),
       EXISTS (SELECT FROM processing_contradiction WHERE first_id = memory.id AND state = 'suggested')
       OR EXISTS (SELECT FROM processing_contradiction WHERE second_id = memory.id AND state = 'suggested'),
       ARRAY(
           SELECT CASE WHEN first_id = memory.id THEN second_id ELSE first_id END
           FROM processing_contradiction
           WHERE contradicted_id = memory.id AND state = 'confirmed'
           ORDER BY id
       ),
       ARRAY(
           SELECT contradicted_id FROM (
               SELECT id, contradicted_id, state FROM processing_contradiction WHERE first_id = memory.id
               UNION ALL
               SELECT id, contradicted_id, state FROM processing_contradiction WHERE second_id = memory.id
           ) AS contradiction
           WHERE contradicted_id <> memory.id AND state = 'confirmed'
           ORDER BY id
       )
FROM unnest(%(ids)s::uuid[], %(sightings)s::uuid[]) AS item (id, sighting)
JOIN processing_memory AS memory ON memory.id = item.id
LEFT JOIN processing_memorystrength AS strength ON strength.memory_id = memory.id
LEFT JOIN processing_patternoccurrence AS occurrence ON occurrence.id = item.sighting
LEFT JOIN processing_pattern AS topic
  ON topic.id = occurrence.pattern_id AND topic.confidence > 0 AND topic.state <> 'dismissed'
CROSS JOIN LATERAL (
    SELECT count(DISTINCT coalesce(same.session_id, same.id))::integer AS sessions
    FROM (
        SELECT id, session_id FROM processing_memory AS other
        WHERE other.workspace_id = memory.workspace_id AND other.content_hash = memory.content_hash
        LIMIT 20
    ) AS same
    WHERE coalesce(same.session_id, same.id) <> coalesce(memory.session_id, memory.id)
) AS twin
