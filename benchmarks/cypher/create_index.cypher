// The index behind every lookup by uid (FalkorDB). No parameters, no result.
CREATE INDEX FOR (n:Bare) ON (n.uid)
