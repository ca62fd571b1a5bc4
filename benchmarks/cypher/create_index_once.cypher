// The index behind every lookup by uid (Neo4j). No parameters, no result.
CREATE INDEX bare_uid IF NOT EXISTS FOR (n:Bare) ON (n.uid)
