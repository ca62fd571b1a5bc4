-- The newest sessions that were quiet for some time and whose summary is missing or stale. Left out are those that
-- wait for theirs, and those whose summary could not be made since they changed. Parameters: workspace, minutes,
-- rules (what a fingerprint begins with), most. Result: id.
SELECT session.id
FROM processing_session AS session
WHERE session.workspace_id = %(workspace)s
  AND session.changed_at < now() - make_interval(mins => %(minutes)s)
  AND NOT EXISTS (
      SELECT FROM processing_summary AS summary
      WHERE summary.workspace_id = %(workspace)s AND summary.kind = 'session'
        AND summary.subject = session.id::text AND summary.version = %(rules)s || md5(session.changed_at::text)
  ) AND NOT EXISTS (
      SELECT FROM summary_queue AS asked
      WHERE asked.workspace_id = %(workspace)s AND asked.kind = 'session' AND asked.subject = session.id::text
        AND (asked.status IN ('pending', 'processing')
             OR (asked.status = 'dead' AND asked.created_at > session.changed_at))
  )
ORDER BY session.changed_at DESC
LIMIT %(most)s
