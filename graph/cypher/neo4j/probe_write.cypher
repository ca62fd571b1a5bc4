// A write, to see that a transaction in read mode refuses it. No parameters, no result.
CREATE (n:ReadOnlyProbe)
DELETE n
