// No parameters. Result: edges.
MATCH (:Bare)-[r:BARE]->(:Bare) RETURN count(r) AS edges
