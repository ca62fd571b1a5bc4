-- Store memories that are not there yet, each with its row of the link stage; the table's trigger makes those of
-- the embed stage. Parameters: workspace, priority; arrays of one length: ids, projects, sessions, authors,
-- visibilities, roles, contents, types, importances, set_by_hand (JSON lists), rules_versions, metadata, file_paths
-- (JSON lists), tools (JSON), moments, batches, sources, lines, parts. Result: id of each memory that was stored.
WITH stored AS (
    INSERT INTO processing_memory (
        id, workspace_id, project_id, session_id, author_id, visibility, role, content, type, importance,
        set_by_hand, rules_version, metadata, file_paths, tool, occurred_at, created_at, updated_at, batch_id,
        source_id, source_line, part_no, content_hash, processing_status
    )
    SELECT
        item.id, %(workspace)s, item.project, item.session, item.author, item.visibility, item.role, item.content,
        item.type, item.importance, ARRAY(SELECT jsonb_array_elements_text(item.set_by_hand::jsonb)),
        item.rules_version, item.metadata::jsonb, ARRAY(SELECT jsonb_array_elements_text(item.file_paths::jsonb)), item.tool::jsonb,
        item.moment, clock_timestamp(), clock_timestamp(), item.batch, item.source, item.line, item.part, '',
        'pending'
    FROM unnest(
        %(ids)s::uuid[], %(projects)s::uuid[], %(sessions)s::uuid[], %(authors)s::uuid[], %(visibilities)s::text[],
        %(roles)s::text[], %(contents)s::text[], %(types)s::text[], %(importances)s::float8[],
        %(set_by_hand)s::text[], %(rules_versions)s::smallint[], %(metadata)s::text[],
        %(file_paths)s::text[], %(tools)s::text[], %(moments)s::timestamptz[], %(batches)s::uuid[],
        %(sources)s::uuid[], %(lines)s::integer[], %(parts)s::smallint[]
    ) AS item (
        id, project, session, author, visibility, role, content, type, importance, set_by_hand, rules_version,
        metadata, file_paths, tool, moment, batch, source, line, part
    )
    ON CONFLICT (source_id, part_no) DO NOTHING
    RETURNING id, batch_id
), linking AS (
    INSERT INTO link_queue (id, workspace_id, batch_id, status, priority, attempts, memory_id)
    SELECT uuidv7(), %(workspace)s, batch_id, 'pending', %(priority)s, 0, id FROM stored
)
SELECT id FROM stored
