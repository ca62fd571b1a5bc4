// The index behind every lookup by uid, which the uniqueness constraint needs too. No parameters, no result.
CREATE INDEX FOR (n:Entity) ON (n.uid)
