// One node for a uid within a workspace, and the index behind every lookup by uid. No parameters, no result.
CREATE CONSTRAINT entity_uid IF NOT EXISTS
FOR (n:Entity) REQUIRE (n.workspace, n.uid) IS UNIQUE
