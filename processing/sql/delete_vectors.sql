-- Delete vectors of a model, some at a time. Parameters: workspace, model, most. Result: row count.
DELETE FROM processing_embedding
WHERE id IN (
    SELECT id FROM processing_embedding
    WHERE workspace_id = %(workspace)s AND model = %(model)s
    LIMIT %(most)s
)
