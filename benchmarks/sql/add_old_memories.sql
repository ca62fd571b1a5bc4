-- Memories of the last 100 days, written while the table's triggers are off: nothing is queued.
-- Parameters: workspace, author, count. Every tenth was read three times, with nine others each time: as a page of
-- a search gives them, one page a minute.
WITH added AS (
    INSERT INTO processing_memory (
        id, workspace_id, author_id, visibility, role, content, type, importance, metadata, file_paths,
        occurred_at, created_at, updated_at, part_no, content_hash, processing_status)
    SELECT uuidv7(), %(workspace)s, %(author)s, 'workspace', 'user', 'note ' || n, 'factual', (n %% 10) / 10.0, '{}',
           '{}', now() - n %% 100 * interval '1 day', now(), now(), 0, '', 'embedded'
    FROM generate_series(1, %(count)s) AS n
    RETURNING id
)
INSERT INTO processing_memoryaccess (id, workspace_id, memory_id, reader_id, way, accessed_at)
SELECT uuidv7(), %(workspace)s, numbered.id, %(author)s, 'search',
       now() - times * interval '8 days' + (number - 1) / 100 * interval '1 minute'
FROM (SELECT id, row_number() OVER () AS number FROM added) AS numbered, generate_series(1, 3) AS times
WHERE numbered.number %% 10 = 0
