// Proves that the store answers. No parameters. Result: one row (alive).
RETURN 1 AS alive
