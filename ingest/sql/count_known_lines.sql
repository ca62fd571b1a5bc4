-- How often each of these lines stands in a session up to a line of its file. Parameters: workspace, session,
-- author (of private rows, else NULL), hashes, line. Result: body_hash, count.
SELECT body_hash, count(*)
FROM memory_queue
WHERE workspace_id = %(workspace)s AND session_key = %(session)s AND body_hash = ANY(%(hashes)s::text[])
  AND format <> 'chunk' AND line_no <= %(line)s
  AND CASE WHEN %(author)s::uuid IS NULL THEN visibility = 'workspace'
           ELSE visibility = 'private' AND author_id = %(author)s END
GROUP BY body_hash
