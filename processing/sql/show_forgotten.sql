-- Undoes hide_forgotten.sql.
DROP POLICY processing_memory_forgotten ON processing_memory;
DROP TRIGGER note_forgotten_memory ON processing_memory;
