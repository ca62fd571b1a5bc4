-- Parameters: table, policy (identifiers). Only what scheduling and health need; never a payload.
GRANT SELECT (id, workspace_id, status, priority, attempts, run_after, lease_until, due_since, error_code)
    ON {table} TO supastate_dispatcher;
CREATE POLICY dispatcher ON {table} FOR SELECT TO supastate_dispatcher USING (true);
