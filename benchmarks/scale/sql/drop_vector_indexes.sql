-- Every index of vectors. As the owner.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT relname FROM pg_class WHERE relkind = 'i' AND relname ^@ 'embedding_of_' LOOP
        EXECUTE format('DROP INDEX %I', name);
    END LOOP;
END
$$
