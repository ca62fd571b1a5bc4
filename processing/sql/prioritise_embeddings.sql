-- One row of embedding work for each new or changed text, as urgent as the work that wrote the text
-- (`pass_on_priority`; else interactive). TG_ARGV[0] is the subject's kind.
CREATE OR REPLACE FUNCTION ask_for_embedding() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    urgency smallint := coalesce(nullif(current_setting('app.work_priority', true), '')::smallint, 0);
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO embed_queue (id, workspace_id, batch_id, status, priority, attempts, subject_kind, subject_id)
        SELECT uuidv7(), workspace_id, batch_id, 'pending', urgency, 0, TG_ARGV[0], id FROM fresh;
    ELSE
        INSERT INTO embed_queue (id, workspace_id, batch_id, status, priority, attempts, subject_kind, subject_id)
        SELECT uuidv7(), fresh.workspace_id, fresh.batch_id, 'pending', urgency, 0, TG_ARGV[0], fresh.id
        FROM fresh JOIN stale USING (id)
        WHERE fresh.content_hash <> stale.content_hash;
    END IF;
    PERFORM pg_notify('supastate_due', '');
    RETURN NULL;
END
$$;
-- A memory is written once and marked once: half of a page stays free for the mark, which then leaves every index
-- alone.
ALTER TABLE processing_memory SET (fillfactor = 50);
