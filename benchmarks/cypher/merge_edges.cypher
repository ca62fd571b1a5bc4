// Parameters: rows [{source, target, properties}]. No result. One type for all: of two edges between the same nodes one is left.
UNWIND $rows AS row
MATCH (a:Bare {uid: row.source})
MATCH (b:Bare {uid: row.target})
MERGE (a)-[r:BARE]->(b)
SET r = row.properties
