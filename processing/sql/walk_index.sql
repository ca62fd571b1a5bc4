-- Lets the statements that follow in this transaction go by the order of an index of vectors, and on until enough is
-- found. Parameters: ef_search, max_scan_tuples, sort ('off': sorting is no alternative; 'on': as before). The planner
-- sees neither the LIMIT above the index nor how large this workspace is, and would rather sort.
SELECT set_config('hnsw.ef_search', %(ef_search)s::text, true),
       set_config('hnsw.max_scan_tuples', %(max_scan_tuples)s::text, true),
       set_config('hnsw.iterative_scan', 'relaxed_order', true),
       set_config('enable_sort', %(sort)s, true)
