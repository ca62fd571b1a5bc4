-- Become a project's only graph writer for a while, under a new epoch. Parameters: workspace, project, token,
-- lease_seconds. Result: the epoch, or no row while somebody else writes.
INSERT INTO graph_graphproject AS writer (project_id, workspace_id, epoch, lease_token, lease_until)
VALUES (%(project)s, %(workspace)s, 1, %(token)s, clock_timestamp() + make_interval(secs => %(lease_seconds)s))
ON CONFLICT (project_id) DO UPDATE
SET epoch = writer.epoch + 1, lease_token = EXCLUDED.lease_token, lease_until = EXCLUDED.lease_until
WHERE writer.lease_token IS NULL OR writer.lease_until < clock_timestamp()
RETURNING epoch
