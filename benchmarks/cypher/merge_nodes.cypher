// Parameters: rows [{uid, properties}]. No result.
UNWIND $rows AS row
MERGE (n:Bare {uid: row.uid})
SET n = row.properties
