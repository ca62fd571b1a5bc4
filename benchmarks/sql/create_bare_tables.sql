-- Tables like those that a memory is written to on its way, with their columns, defaults, constraints and indexes
-- and the trigger that makes a memory's hash and search vector; without policies and foreign keys. No parameters,
-- no result.
CREATE TABLE bench_way_memory_queue (LIKE memory_queue INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);
CREATE TABLE bench_way_memory (LIKE processing_memory INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);
CREATE TABLE bench_way_embed_queue (LIKE embed_queue INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);
CREATE TABLE bench_way_link_queue (LIKE link_queue INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);
CREATE TABLE bench_way_embedding (
    LIKE processing_embedding INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES
);
CREATE TRIGGER describe BEFORE INSERT ON bench_way_memory FOR EACH ROW EXECUTE FUNCTION describe_memory();
