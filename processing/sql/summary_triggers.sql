-- Keeps what derives from a summary's text, notes when a session's memories change, and deletes at once what quotes
-- a memory that is deleted, rewritten or made private. The functions run as the pipeline, whoever writes: a summary
-- that quotes a memory may be another person's own.

-- Who reads from now on; returns who did before.
CREATE FUNCTION read_as(reader text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    former text := coalesce(current_setting('app.reader', true), '');
BEGIN
    PERFORM set_config('app.reader', reader, true);
    RETURN former;
END
$$;

CREATE FUNCTION touch_sessions(ids uuid[]) RETURNS void
LANGUAGE sql AS $$
    UPDATE processing_session SET changed_at = clock_timestamp() WHERE id = ANY(ids)
$$;

CREATE FUNCTION forget_quotations(memories uuid[]) RETURNS void
LANGUAGE sql AS $$
    DELETE FROM processing_summary
    WHERE id = ANY(ARRAY(SELECT summary_id FROM processing_summarysource WHERE memory_id = ANY(memories)))
$$;

CREATE FUNCTION note_new_memories() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    reader text := read_as('pipeline');
BEGIN
    PERFORM touch_sessions(ARRAY(SELECT DISTINCT session_id FROM fresh WHERE session_id IS NOT NULL));
    PERFORM read_as(reader);
    RETURN NULL;
END
$$;

CREATE FUNCTION note_gone_memories() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    reader text := read_as('pipeline');
BEGIN
    PERFORM forget_quotations(ARRAY(SELECT id FROM gone));
    PERFORM touch_sessions(ARRAY(SELECT DISTINCT session_id FROM gone WHERE session_id IS NOT NULL));
    PERFORM read_as(reader);
    RETURN NULL;
END
$$;

CREATE FUNCTION note_changed_memory() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    reader text := read_as('pipeline');
BEGIN
    PERFORM forget_quotations(ARRAY[OLD.id]);
    PERFORM touch_sessions(array_remove(ARRAY[OLD.session_id, NEW.session_id], NULL));
    PERFORM read_as(reader);
    RETURN NULL;
END
$$;

CREATE FUNCTION note_changed_session() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    reader text := read_as('pipeline');
BEGIN
    DELETE FROM processing_summary WHERE session_id = OLD.id;
    PERFORM read_as(reader);
    RETURN NULL;
END
$$;

CREATE FUNCTION describe_summary() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.content = OLD.content AND NEW.name = OLD.name AND NEW.path = OLD.path THEN
        RETURN NEW;
    END IF;
    NEW.search := make_search_vector(NEW.name || ' ' || NEW.path, '', NEW.content);
    IF TG_OP = 'INSERT' OR NEW.content <> OLD.content THEN
        NEW.content_hash := hash_text(NEW.content);
        NEW.processing_status := 'pending';
    END IF;
    RETURN NEW;
END
$$;

-- As urgent as the work that wrote the summary.
CREATE FUNCTION ask_for_vector_of_summary() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO embed_queue (id, workspace_id, status, priority, attempts, subject_kind, subject_id)
    SELECT uuidv7(), NEW.workspace_id, 'pending',
           coalesce(nullif(current_setting('app.work_priority', true), '')::smallint, 10), 0, 'summary', NEW.id
    WHERE NEW.content ~ '\S';
    PERFORM pg_notify('supastate_due', '');
    RETURN NULL;
END
$$;

-- A text that is no summary's any more takes its vectors along: unlike a memory's, nobody goes back to it.
CREATE FUNCTION forget_summary_text() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    reader text := read_as('pipeline');
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM processing_summarysource WHERE summary_id = OLD.id;
    END IF;
    DELETE FROM processing_embedding
    WHERE workspace_id = OLD.workspace_id AND subject_kind = 'summary' AND source_hash = OLD.content_hash
      AND NOT EXISTS (
          SELECT FROM processing_summary
          WHERE workspace_id = OLD.workspace_id AND content_hash = OLD.content_hash);
    PERFORM read_as(reader);
    RETURN NULL;
END
$$;

CREATE TRIGGER note_new_memories AFTER INSERT ON processing_memory
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION note_new_memories();
CREATE TRIGGER note_gone_memories AFTER DELETE ON processing_memory
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_gone_memories();
CREATE TRIGGER note_changed_memory
    AFTER UPDATE OF content, visibility, role, tool, session_id ON processing_memory FOR EACH ROW
    WHEN ((OLD.content, OLD.visibility, OLD.role, OLD.tool, OLD.session_id)
          IS DISTINCT FROM (NEW.content, NEW.visibility, NEW.role, NEW.tool, NEW.session_id))
    EXECUTE FUNCTION note_changed_memory();
CREATE TRIGGER note_changed_session AFTER UPDATE OF visibility ON processing_session FOR EACH ROW
    WHEN (OLD.visibility <> NEW.visibility) EXECUTE FUNCTION note_changed_session();

CREATE TRIGGER describe BEFORE INSERT OR UPDATE ON processing_summary
    FOR EACH ROW EXECUTE FUNCTION describe_summary();
CREATE TRIGGER settle_status BEFORE INSERT OR UPDATE ON processing_summary
    FOR EACH ROW WHEN (NEW.processing_status <> 'text_only') EXECUTE FUNCTION settle_status();
CREATE TRIGGER ask_for_embedding_of_new AFTER INSERT ON processing_summary
    FOR EACH ROW EXECUTE FUNCTION ask_for_vector_of_summary();
CREATE TRIGGER ask_for_embedding_of_changed AFTER UPDATE OF content ON processing_summary
    FOR EACH ROW WHEN (OLD.content_hash <> NEW.content_hash) EXECUTE FUNCTION ask_for_vector_of_summary();
CREATE TRIGGER forget_text_of_changed AFTER UPDATE OF content ON processing_summary
    FOR EACH ROW WHEN (OLD.content_hash <> NEW.content_hash) EXECUTE FUNCTION forget_summary_text();
CREATE TRIGGER forget_text_of_gone AFTER DELETE ON processing_summary
    FOR EACH ROW EXECUTE FUNCTION forget_summary_text();
