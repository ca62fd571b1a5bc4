-- Parameters: table, policy (identifiers).
REVOKE SELECT (batch_id, created_at, processed_at, discarded_at) ON {table} FROM supastate_dispatcher;
