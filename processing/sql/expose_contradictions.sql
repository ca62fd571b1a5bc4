-- Undoes isolate_contradictions.sql.
DROP POLICY processing_contradiction_policy ON processing_contradiction;
ALTER TABLE processing_contradiction NO FORCE ROW LEVEL SECURITY;
ALTER TABLE processing_contradiction DISABLE ROW LEVEL SECURITY;
