-- What is forgotten is hidden from every reader and from the pipeline too, unless a transaction asks to be shown it
-- (`app.forgotten`, processing/memories/forgotten.py). Restrictive: it narrows what the table's other policy shows.
CREATE POLICY processing_memory_forgotten ON processing_memory AS RESTRICTIVE FOR SELECT
    USING (forgotten_at IS NULL OR (SELECT current_setting('app.forgotten', true)) = 'shown');
