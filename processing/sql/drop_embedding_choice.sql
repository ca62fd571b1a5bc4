-- Undoes embedding_choice.sql.
DROP FUNCTION refuse_embedding() CASCADE;
DROP FUNCTION settle_status() CASCADE;
UPDATE processing_memory SET processing_status = 'pending' WHERE processing_status = 'text_only';
UPDATE processing_codeobject SET processing_status = 'pending' WHERE processing_status = 'text_only';
