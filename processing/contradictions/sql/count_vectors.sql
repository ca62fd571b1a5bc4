-- How many vectors of memories a workspace has, at most `most`. Parameters: model, most. Result: one row (count).
SELECT count(*) FROM (
    SELECT FROM processing_embedding WHERE subject_kind = 'memory' AND model = %(model)s LIMIT %(most)s
) AS counted
