-- Undoes weighted_search.sql.

DROP FUNCTION make_code_vector(processing_codeobject);
DROP FUNCTION make_search_vector(text, text, text);
DROP FUNCTION name_lexeme(text);
DROP FUNCTION query_lexeme(text);
DROP FUNCTION find_words(text);

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

CREATE OR REPLACE FUNCTION describe_memory() RETURNS trigger
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

CREATE OR REPLACE FUNCTION describe_code_object() RETURNS trigger
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
