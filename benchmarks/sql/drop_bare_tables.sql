-- Undoes create_bare_tables.sql.
DROP TABLE bench_way_memory_queue, bench_way_memory, bench_way_embed_queue, bench_way_link_queue, bench_way_embedding
