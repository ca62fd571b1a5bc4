-- Forgets what a policy forgets, and asks for it to leave the graph. The placeholder takes forgettable.sql, with its
-- parameters; besides: moment. Result: one row (how many). Runs where forgotten memories are shown, as a row that is
-- changed must be seen afterwards.
WITH chosen AS MATERIALIZED (
    {forgettable}
), forgotten AS (
    UPDATE processing_memory AS memory SET forgotten_at = %(moment)s
    FROM chosen
    WHERE memory.id = chosen.id AND memory.forgotten_at IS NULL
    RETURNING memory.id, memory.project_id, memory.session_id, memory.visibility
), leaving AS (
    INSERT INTO link_queue (id, workspace_id, status, priority, attempts, memory_id, left_project_id, left_session_id)
    SELECT uuidv7(), %(workspace)s, 'pending', 10, 0, id, project_id, session_id
    FROM forgotten
    WHERE project_id IS NOT NULL AND visibility = 'workspace'
)
SELECT count(*) FROM forgotten
