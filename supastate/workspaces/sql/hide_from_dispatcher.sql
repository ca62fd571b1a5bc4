-- Parameters: table, policy (identifiers).
DROP POLICY dispatcher ON {table};
REVOKE ALL ON {table} FROM supastate_dispatcher;
