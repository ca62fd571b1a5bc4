-- In a workspace without embeddings no text waits for one: its rows are not made, and its status is `text_only`.
-- `settle_status` comes after `describe`: triggers fire in the order of their names.

CREATE FUNCTION refuse_embedding() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT embeddings_enabled FROM workspaces_workspace WHERE id = NEW.workspace_id) THEN
        RETURN NEW;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION settle_status() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT embeddings_enabled FROM workspaces_workspace WHERE id = NEW.workspace_id) THEN
        NEW.processing_status := 'text_only';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER refuse_embedding BEFORE INSERT ON embed_queue
    FOR EACH ROW EXECUTE FUNCTION refuse_embedding();
CREATE TRIGGER settle_status BEFORE INSERT OR UPDATE ON processing_memory
    FOR EACH ROW WHEN (NEW.processing_status <> 'text_only') EXECUTE FUNCTION settle_status();
CREATE TRIGGER settle_status BEFORE INSERT OR UPDATE ON processing_codeobject
    FOR EACH ROW WHEN (NEW.processing_status <> 'text_only') EXECUTE FUNCTION settle_status();
