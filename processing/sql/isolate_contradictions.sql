-- A contradiction is seen by who may see both of its memories: the policies of the memories' table are asked.
ALTER TABLE processing_contradiction ENABLE ROW LEVEL SECURITY;
ALTER TABLE processing_contradiction FORCE ROW LEVEL SECURITY;
CREATE POLICY processing_contradiction_policy ON processing_contradiction FOR ALL
    USING (
        workspace_id = (SELECT NULLIF(current_setting('app.workspace_id', true), '')::uuid)
        AND EXISTS (SELECT FROM processing_memory AS memory WHERE memory.id = first_id)
        AND EXISTS (SELECT FROM processing_memory AS memory WHERE memory.id = second_id)
    )
    WITH CHECK (workspace_id = (SELECT NULLIF(current_setting('app.workspace_id', true), '')::uuid));
