-- How many vectors there are. Parameters: subject_kind, model, most, index (its name). Result: one row (those of the
-- workspace, at most `most`; about how many the index holds of all workspaces, NULL while it is missing or unfinished).
SELECT (
    SELECT count(*) FROM (
        SELECT FROM processing_embedding
        WHERE subject_kind = %(subject_kind)s AND model = %(model)s
        LIMIT %(most)s
    ) AS counted
), (
    SELECT reltuples::bigint FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid
    WHERE pg_class.oid = to_regclass(%(index)s) AND indisvalid
)
