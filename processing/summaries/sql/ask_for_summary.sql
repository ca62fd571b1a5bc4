-- One row of work for a subject that has none before it. Parameters: workspace, kind, subject, forced, priority.
-- Result: id of the row, if one was made.
INSERT INTO summary_queue (id, workspace_id, status, priority, attempts, kind, subject, forced)
SELECT uuidv7(), %(workspace)s, 'pending', %(priority)s, 0, %(kind)s, %(subject)s, %(forced)s
WHERE NOT EXISTS (
    SELECT FROM summary_queue
    WHERE workspace_id = %(workspace)s AND kind = %(kind)s AND subject = %(subject)s
      AND status IN ('pending', 'processing')
)
RETURNING id
