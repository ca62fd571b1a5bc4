-- Does a stage stand still? Parameters: seconds. Result: seconds since its oldest due row fell due, if that is longer
-- ago than the parameter says and the stage completed nothing in this time; else NULL. A row whose worker vanished is
-- due when its lease ends. A long backlog that drains is no fault, and while it drains it is not read.
SELECT extract(epoch FROM clock_timestamp() - min(waiting.since))
FROM (
    SELECT min(greatest(run_after, due_since)) AS since FROM {table}
    WHERE status = 'pending' AND run_after < now() - make_interval(secs => %(seconds)s)
      AND due_since < now() - make_interval(secs => %(seconds)s)
    UNION ALL
    SELECT min(lease_until) FROM {table}
    WHERE status = 'processing' AND lease_until < now() - make_interval(secs => %(seconds)s)
) AS waiting
WHERE NOT EXISTS (
    SELECT FROM {table}
    WHERE status = 'completed' AND processed_at > now() - make_interval(secs => %(seconds)s)
)
