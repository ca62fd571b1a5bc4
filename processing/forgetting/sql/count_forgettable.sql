-- How many memories a policy would forget now. The placeholder takes forgettable.sql, with its parameters.
-- Result: one row (how many).
SELECT count(*) FROM ({forgettable}) AS forgettable
