-- Examples of what a policy would forget now, as far as the reader sees them. The placeholder takes forgettable.sql,
-- with its parameters; besides: most. Result: id.
SELECT id FROM ({forgettable}) AS forgettable ORDER BY id LIMIT %(most)s
