-- Parameters: table, policy (identifiers). `app.reader` is a user's id, or 'pipeline' for workers,
-- which process every author's rows.
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {policy} ON {table} FOR ALL
    USING (
        workspace_id = (SELECT NULLIF(current_setting('app.workspace_id', true), '')::uuid)
        AND (
            visibility = 'workspace'
            OR (SELECT current_setting('app.reader', true)) = 'pipeline'
            OR author_id::text = (SELECT current_setting('app.reader', true))
        )
    )
    WITH CHECK (workspace_id = (SELECT NULLIF(current_setting('app.workspace_id', true), '')::uuid));
