-- Undoes text_triggers.sql.
DROP FUNCTION ask_for_embedding() CASCADE;
DROP FUNCTION describe_memory() CASCADE;
DROP FUNCTION describe_code_object() CASCADE;
DROP FUNCTION make_search_vector(text, text);
DROP FUNCTION split_identifiers(text);
DROP FUNCTION hash_text(text);
