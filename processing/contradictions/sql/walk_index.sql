-- Until the transaction ends, neighbours are found by the index of a model's vectors, past those of other workspaces,
-- 20,000 at most. No parameters. (The planner would rather sort: supastate/search/sql/walk_index.sql says why.)
SELECT set_config('hnsw.ef_search', '100', true),
       set_config('hnsw.max_scan_tuples', '20000', true),
       set_config('hnsw.iterative_scan', 'relaxed_order', true),
       set_config('enable_sort', 'off', true)
