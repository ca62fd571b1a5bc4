// The state of the uniqueness constraint on uid: UNDER CONSTRUCTION, OPERATIONAL or FAILED. No parameters. Result: rows (status).
CALL db.constraints() YIELD type, label, properties, status
WHERE label = 'Entity' AND type = 'UNIQUE' AND 'uid' IN properties
RETURN status
