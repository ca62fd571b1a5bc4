-- Put what a call cost in the place of what was set aside for it. Parameters: workspace, month, difference, calls
-- (0, or -1 if there was no call). No result.
UPDATE processing_summaryspending
SET tokens = greatest(tokens + %(difference)s, 0), calls = greatest(calls + %(calls)s, 0)
WHERE workspace_id = %(workspace)s AND month = %(month)s
