-- What there is, newest first. The placeholder takes a kind's visible_*.sql, with that statement's filters.
-- Parameters besides: size, after_moment, after_id. Result: id, microseconds (of the moment, since 1970).
WITH visible AS NOT MATERIALIZED (
    {visible}
)
SELECT id, (extract(epoch FROM moment) * 1000000)::float8 AS microseconds
FROM visible
WHERE %(after_moment)s::timestamptz IS NULL
   OR (moment, id) < (%(after_moment)s::timestamptz, %(after_id)s::uuid)
ORDER BY moment DESC, id DESC
LIMIT %(size)s
