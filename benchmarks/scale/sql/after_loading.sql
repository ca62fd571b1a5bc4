-- Puts back what before_loading.sql took, as the migrations have it.
ALTER TABLE processing_memory ENABLE TRIGGER ask_for_embedding_of_new;
CREATE INDEX memory_search ON processing_memory USING gin (workspace_id, search);
CREATE INDEX memory_files ON processing_memory USING gin (file_paths);
