-- Keeps hash, search vector and status of every text, and asks for its embedding, whoever wrote the text.

CREATE FUNCTION split_identifiers(source text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        regexp_replace(
            regexp_replace(source, '([a-z0-9])([A-Z])', '\1 \2', 'g'),
            '([A-Z]+)([A-Z][a-z])', '\1 \2', 'g'),
        '[^[:alnum:]]+', ' ', 'g')
$$;

-- `title` weighs more than `body`; both as prose and with identifiers split. The body is capped, because a
-- tsvector over 1 MB raises; if even so one raises, a shorter part is searchable rather than none.
CREATE FUNCTION make_search_vector(title text, body text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    part text;
    most integer;
BEGIN
    FOREACH most IN ARRAY ARRAY[120000, 20000, 2000] LOOP
        BEGIN
            part := left(body, most);
            RETURN setweight(to_tsvector('english', left(title, 4000)), 'A')
                || setweight(to_tsvector('simple', split_identifiers(left(title, 4000))), 'A')
                || setweight(to_tsvector('english', part), 'B')
                || setweight(to_tsvector('simple', split_identifiers(part)), 'C');
        EXCEPTION WHEN program_limit_exceeded THEN
            NULL;
        END;
    END LOOP;
    RETURN ''::tsvector;
END
$$;

CREATE FUNCTION hash_text(source text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(source, 'UTF8')), 'hex')
$$;

CREATE FUNCTION describe_memory() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.content = OLD.content AND NEW.file_paths = OLD.file_paths THEN
        RETURN NEW;
    END IF;
    NEW.search := make_search_vector(array_to_string(NEW.file_paths, ' '), NEW.content);
    IF TG_OP = 'INSERT' OR NEW.content <> OLD.content THEN
        NEW.content_hash := hash_text(NEW.content);
        NEW.processing_status := 'pending';
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION describe_code_object() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    hash text := hash_text(NEW.qualified_name || E'\n' || NEW.content);
BEGIN
    IF TG_OP = 'UPDATE' AND hash = OLD.content_hash
       AND NEW.signature = OLD.signature AND NEW.docstring = OLD.docstring THEN
        RETURN NEW;
    END IF;
    NEW.search := make_search_vector(
        NEW.name || ' ' || NEW.qualified_name || ' ' || NEW.signature, NEW.docstring || ' ' || NEW.content);
    IF TG_OP = 'INSERT' OR hash <> OLD.content_hash THEN
        NEW.content_hash := hash;
        NEW.processing_status := 'pending';
    END IF;
    RETURN NEW;
END
$$;

-- One row of embedding work for each new or changed text. TG_ARGV[0] is the subject's kind.
CREATE FUNCTION ask_for_embedding() RETURNS trigger
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

CREATE TRIGGER describe BEFORE INSERT OR UPDATE ON processing_memory
    FOR EACH ROW EXECUTE FUNCTION describe_memory();
CREATE TRIGGER ask_for_embedding_of_new AFTER INSERT ON processing_memory
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ask_for_embedding('memory');
CREATE TRIGGER ask_for_embedding_of_changed AFTER UPDATE ON processing_memory
    REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION ask_for_embedding('memory');

CREATE TRIGGER describe BEFORE INSERT OR UPDATE ON processing_codeobject
    FOR EACH ROW EXECUTE FUNCTION describe_code_object();
CREATE TRIGGER ask_for_embedding_of_new AFTER INSERT ON processing_codeobject
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ask_for_embedding('code');
CREATE TRIGGER ask_for_embedding_of_changed AFTER UPDATE ON processing_codeobject
    REFERENCING NEW TABLE AS fresh OLD TABLE AS stale
    FOR EACH STATEMENT EXECUTE FUNCTION ask_for_embedding('code');
