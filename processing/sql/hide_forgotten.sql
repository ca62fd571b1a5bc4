-- What is forgotten is hidden from every reader and from the pipeline too, unless a transaction asks to be shown it
-- (`app.forgotten`, processing/memories/forgotten.py). Restrictive: it narrows what the table's other policy shows.
CREATE POLICY processing_memory_forgotten ON processing_memory AS RESTRICTIVE FOR SELECT
    USING (forgotten_at IS NULL OR (SELECT current_setting('app.forgotten', true)) = 'shown');

-- Summaries that quote it go with it, and its session's is made again without it.
CREATE TRIGGER note_forgotten_memory AFTER UPDATE OF forgotten_at ON processing_memory FOR EACH ROW
    WHEN (OLD.forgotten_at IS DISTINCT FROM NEW.forgotten_at) EXECUTE FUNCTION note_changed_memory();
