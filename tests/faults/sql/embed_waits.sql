-- How long the texts wait that have no vectors yet. No parameters. Result: seconds.
SELECT extract(epoch FROM run_after - clock_timestamp()) FROM embed_queue WHERE status = 'pending'
