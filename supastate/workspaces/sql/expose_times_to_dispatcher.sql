-- Parameters: table, policy (identifiers). What metrics need beyond scheduling: when a row came and ended.
GRANT SELECT (batch_id, created_at, processed_at, discarded_at) ON {table} TO supastate_dispatcher;
