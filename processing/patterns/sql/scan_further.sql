-- Until the transaction ends, the index of signatures goes on past leaders that the conditions leave out, 20,000
-- at most (pgvector's default). No parameters.
SELECT set_config('hnsw.iterative_scan', 'strict_order', true)
