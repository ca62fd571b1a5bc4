// What is indexed already. No parameters. Result: rows (label, properties).
CALL db.indexes() YIELD label, properties
RETURN label, properties
