-- Undoes prioritise_embeddings.sql.
ALTER TABLE processing_memory RESET (fillfactor);
CREATE OR REPLACE FUNCTION ask_for_embedding() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO embed_queue (id, workspace_id, batch_id, status, priority, attempts, subject_kind, subject_id)
        SELECT uuidv7(), workspace_id, batch_id, 'pending', 0, 0, TG_ARGV[0], id FROM fresh;
    ELSE
        INSERT INTO embed_queue (id, workspace_id, batch_id, status, priority, attempts, subject_kind, subject_id)
        SELECT uuidv7(), fresh.workspace_id, fresh.batch_id, 'pending', 0, 0, TG_ARGV[0], fresh.id
        FROM fresh JOIN stale USING (id)
        WHERE fresh.content_hash <> stale.content_hash;
    END IF;
    PERFORM pg_notify('supastate_due', '');
    RETURN NULL;
END
$$;
