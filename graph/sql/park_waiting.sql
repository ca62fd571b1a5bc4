-- Leave rows to the writer of their project, who wakes them in the end: those of a claim, and all that nobody claimed
-- yet. Until then, or until the writer's lease ends unprolonged, they are not due. The writer's row is locked first:
-- one that ends meanwhile either finds them waiting or is found to have ended. Parameters: project, token (of the
-- claim), error_code, error_detail. Result: row count.
WITH writer AS MATERIALIZED (
    SELECT CASE WHEN lease_token IS NULL THEN clock_timestamp() ELSE lease_until END AS ends
    FROM graph_graphproject
    WHERE project_id = %(project)s
    FOR UPDATE
)
UPDATE graph_queue AS item
SET status = 'pending', run_after = writer.ends, lease_token = NULL, lease_until = NULL,
    attempts = CASE WHEN item.status = 'pending' THEN item.attempts ELSE greatest(item.attempts - 1, 0) END,
    error_code = %(error_code)s, error_detail = %(error_detail)s
FROM writer
WHERE item.project_id = %(project)s
  AND (item.lease_token = %(token)s OR item.status = 'pending' AND item.run_after < writer.ends)
