-- How many rows pass the filters of the placeholder (visible_memories.sql or visible_code.sql), at most `most`.
-- Parameters besides: those of the filters. Result: one row (count).
SELECT count(*) FROM (SELECT FROM ({visible}) AS visible LIMIT %(most)s) AS counted
