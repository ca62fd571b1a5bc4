-- Enter a workspace for this transaction, as workers do. Parameters: workspace. No result of interest.
SELECT set_config('app.workspace_id', %(workspace)s, true), set_config('app.reader', 'pipeline', true)
