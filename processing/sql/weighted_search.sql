-- What of a text is searched, and how much each part weighs: names A, what describes B, the text itself D.

-- The words of prose and identifiers, stemmed: each as it stands, and the parts of those that have parts.
CREATE FUNCTION find_words(source text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT whole || ts_delete(to_tsvector('english', split_identifiers(source)), tsvector_to_array(whole))
    FROM to_tsvector('english', source) AS whole
$$;

-- The query for one lexeme, whatever characters it has.
CREATE FUNCTION query_lexeme(lexeme text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ('''' || replace(replace(lexeme, chr(92), repeat(chr(92), 2)), '''', '''''') || '''')::tsquery
$$;

-- The lexeme of a whole name, which no word of a text has.
CREATE FUNCTION name_lexeme(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT '=' || lower(left(name, 400))
$$;

DROP FUNCTION make_search_vector(text, text);

-- The body is capped, because a tsvector over 1 MB raises; if even so one raises, a shorter part is searchable
-- rather than none.
CREATE FUNCTION make_search_vector(names text, description text, body text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    most integer;
BEGIN
    FOREACH most IN ARRAY ARRAY[120000, 20000, 2000] LOOP
        BEGIN
            RETURN setweight(find_words(left(names, 4000)), 'A')
                || setweight(find_words(left(description, most)), 'B')
                || setweight(find_words(left(body, most)), 'D');
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
    NEW.search := make_search_vector(array_to_string(NEW.file_paths, ' '), '', NEW.content);
    IF TG_OP = 'INSERT' OR NEW.content <> OLD.content THEN
        NEW.content_hash := hash_text(NEW.content);
        NEW.processing_status := 'pending';
        NEW.updated_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;

-- A definition's own name, its last two parts and its whole name are lexemes by themselves.
CREATE FUNCTION make_code_vector(object processing_codeobject) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT make_search_vector(
        object.name, object.qualified_name || ' ' || object.signature || ' ' || object.docstring, object.content)
        || array_to_tsvector(ARRAY(
            SELECT DISTINCT name_lexeme(name)
            FROM unnest(ARRAY[object.name, object.qualified_name,
                              substring(object.qualified_name FROM '[^.]+[.][^.]+$')]) AS name
            WHERE name <> ''))
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
    NEW.search := make_code_vector(NEW);
    IF TG_OP = 'INSERT' OR hash <> OLD.content_hash THEN
        NEW.content_hash := hash;
        NEW.processing_status := 'pending';
    END IF;
    RETURN NEW;
END
$$;
