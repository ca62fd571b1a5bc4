-- A table like the queue's, with its indexes and without its policies and foreign keys. No parameters, no result.
CREATE TABLE bench_memory_queue (LIKE memory_queue INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)
