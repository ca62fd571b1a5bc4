// Wait until the index answers (Neo4j). No parameters, no result.
CALL db.awaitIndexes(60)
