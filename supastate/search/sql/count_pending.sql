-- How many texts are stored but not yet found by their meaning. Parameters: kinds. Result: count.
-- Counting stops at 10,000: a larger backlog is "many".
SELECT count(*) FROM (
    SELECT 1 FROM embed_queue
    WHERE status IN ('pending', 'processing') AND subject_kind = ANY(%(kinds)s) AND model = ''
    LIMIT 10000
) AS waiting
