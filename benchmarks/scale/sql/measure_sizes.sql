-- Bytes of the vectors: their table, and the same in 32 bits a number; their indexes. Result: name, bytes.
SELECT 'table of vectors', pg_table_size('processing_embedding')
UNION ALL
SELECT 'numbers of 16 bits', sum(pg_column_size(vector)) FROM processing_embedding
UNION ALL
SELECT 'numbers of 32 bits', sum(pg_column_size(vector::vector)) FROM processing_embedding
UNION ALL
SELECT 'index of ' || relname, pg_relation_size(oid) FROM pg_class
WHERE relkind = 'i' AND relname ^@ 'embedding_of_memory_'
