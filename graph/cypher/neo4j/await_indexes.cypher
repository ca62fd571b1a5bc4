// Wait until the indexes answer. Parameters: seconds. No result.
CALL db.awaitIndexes($seconds)
