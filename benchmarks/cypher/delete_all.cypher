// No parameters, no result.
MATCH (n:Bare) DETACH DELETE n
