-- The indexes of vectors. Parameter: prefix (of their names). Result: name, is_valid (false: its building was broken off).
SELECT relname, indisvalid
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid = 'processing_embedding'::regclass AND relname ^@ %(prefix)s
