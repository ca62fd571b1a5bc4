-- Undoes summary_triggers.sql.
DROP TRIGGER settle_status ON processing_summary;
DROP FUNCTION note_new_memories() CASCADE;
DROP FUNCTION note_gone_memories() CASCADE;
DROP FUNCTION note_changed_memory() CASCADE;
DROP FUNCTION note_changed_session() CASCADE;
DROP FUNCTION describe_summary() CASCADE;
DROP FUNCTION ask_for_vector_of_summary() CASCADE;
DROP FUNCTION forget_summary_text() CASCADE;
DROP FUNCTION forget_quotations(uuid[]);
DROP FUNCTION touch_sessions(uuid[]);
DROP FUNCTION read_as(text);
