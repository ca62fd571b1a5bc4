// A write, to see that GRAPH.RO_QUERY refuses it. No parameters, no result.
CREATE (n:ReadOnlyProbe)
DELETE n
