-- Set tokens aside in a workspace's month (of UTC), if its budget has them. Parameters: workspace, tokens, most.
-- Result: the month (its first day), if they were granted.
INSERT INTO processing_summaryspending AS spending (id, workspace_id, month, tokens, calls)
SELECT uuidv7(), %(workspace)s, date_trunc('month', now() AT TIME ZONE 'UTC')::date, %(tokens)s, 1
WHERE %(tokens)s <= %(most)s
ON CONFLICT (workspace_id, month) DO UPDATE
SET tokens = spending.tokens + excluded.tokens, calls = spending.calls + 1
WHERE spending.tokens + excluded.tokens <= %(most)s
RETURNING month
