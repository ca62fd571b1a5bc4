-- What would make loading slow: the indexes of words and files, and asking for embeddings that are loaded anyway.
-- As the owner; after_loading.sql puts all back.
DROP INDEX memory_search, memory_files;
ALTER TABLE processing_memory DISABLE TRIGGER ask_for_embedding_of_new;
