-- Undoes hide_forgotten.sql.
DROP POLICY processing_memory_forgotten ON processing_memory;
