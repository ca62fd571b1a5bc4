-- How fast rows end. Parameters: workspace (NULL for all), seconds (the window of the latency).
-- Result: workspace_id (NULL: all of them together), rows completed in the last minute and in the window, and the
-- median and 95th percentile of seconds from acceptance, which the batch's id tells, to completion.
-- now() and not clock_timestamp(): only a stable bound can be looked up in the index.
SELECT workspace_id, count(*) FILTER (WHERE processed_at > now() - interval '1 minute') AS last_minute,
    count(*) AS in_window, percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY seconds) AS latency
FROM (
    SELECT workspace_id, processed_at,
        extract(epoch FROM processed_at - coalesce(uuid_extract_timestamp(batch_id), created_at)) AS seconds
    FROM {table}
    WHERE status = 'completed' AND processed_at > now() - make_interval(secs => %(seconds)s)
      AND (%(workspace)s::uuid IS NULL OR workspace_id = %(workspace)s::uuid)
) AS ended
GROUP BY GROUPING SETS ((workspace_id), ())
