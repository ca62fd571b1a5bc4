-- Writes down accesses of memories that are still there. Parameters: workspace; arrays of one length: memories,
-- readers, ways, moments.
INSERT INTO processing_memoryaccess (id, workspace_id, memory_id, reader_id, way, accessed_at)
SELECT uuidv7(), %(workspace)s, item.memory, item.reader, item.way, item.moment
FROM unnest(%(memories)s::uuid[], %(readers)s::uuid[], %(ways)s::text[], %(moments)s::timestamptz[])
     AS item (memory, reader, way, moment)
JOIN processing_memory AS memory ON memory.id = item.memory
JOIN workspaces_user AS reader ON reader.id = item.reader
