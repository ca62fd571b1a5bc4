"""What a query may name: functions, labels, types, properties, and what to write instead of the rest."""

from __future__ import annotations

from graph.elements import EdgeType, NodeLabel

LABELS = frozenset(label.value for label in NodeLabel)
TYPES = frozenset(kind.value for kind in EdgeType)
INTERNAL_PROPERTIES = frozenset({"workspace", "owner", "epoch", "srcFile"})
# Their values are texts in every node that has them, so that testing one never fails.
TEXT_PROPERTIES = frozenset(
    {"uid", "project", "name", "qualifiedName", "kind", "path", "signature", "language", "session"}
)
MOST_HOPS = 5

AGGREGATES = {"count", "collect", "sum", "avg", "min", "max"}
# Name in lower case: (name as the stores write it, least and most arguments).
FUNCTIONS: dict[str, tuple[str, int, int]] = {
    "count": ("count", 1, 1),
    "collect": ("collect", 1, 1),
    "sum": ("sum", 1, 1),
    "avg": ("avg", 1, 1),
    "min": ("min", 1, 1),
    "max": ("max", 1, 1),
    "size": ("size", 1, 1),
    "length": ("length", 1, 1),
    "nodes": ("nodes", 1, 1),
    "relationships": ("relationships", 1, 1),
    "labels": ("labels", 1, 1),
    "type": ("type", 1, 1),
    "startnode": ("startNode", 1, 1),
    "endnode": ("endNode", 1, 1),
    "head": ("head", 1, 1),
    "last": ("last", 1, 1),
    "tail": ("tail", 1, 1),
    "reverse": ("reverse", 1, 1),
    "isempty": ("isEmpty", 1, 1),
    "coalesce": ("coalesce", 1, 8),
    "tolower": ("toLower", 1, 1),
    "toupper": ("toUpper", 1, 1),
    "trim": ("trim", 1, 1),
    "split": ("split", 2, 2),
    "substring": ("substring", 2, 3),
    "left": ("left", 2, 2),
    "right": ("right", 2, 2),
    "tostring": ("toString", 1, 1),
    "tointeger": ("toInteger", 1, 1),
    "tofloat": ("toFloat", 1, 1),
    "abs": ("abs", 1, 1),
    "round": ("round", 1, 1),
    "floor": ("floor", 1, 1),
    "ceil": ("ceil", 1, 1),
    "sign": ("sign", 1, 1),
    "sqrt": ("sqrt", 1, 1),
}
INSTEAD_OF_FUNCTIONS = {
    "id": "Nodes are known by their property uid.",
    "elementid": "Nodes are known by their property uid.",
    "properties": "Return the node itself, or name its properties.",
    "keys": "Name the properties; docs/graph-queries.md lists them.",
    "range": "Pass the numbers as a list in parameters.",
    "reduce": "Use sum(), or a list comprehension.",
    "replace": "Change texts after the answer.",
    "exists": "Write EXISTS { pattern } or n.property IS NOT NULL.",
    "allshortestpaths": "Use shortestPath.",
    "shortestpath": "Write MATCH p = shortestPath((a)-[:CALLS*..5]->(b)).",
}
_READ_ONLY = "Queries only read."
INSTEAD_OF_CLAUSES = {
    **dict.fromkeys(("CREATE", "MERGE", "SET", "DELETE", "DETACH", "NODETACH", "REMOVE", "INSERT"), _READ_ONLY),
    **dict.fromkeys(("DROP", "ALTER", "GRANT", "DENY", "REVOKE", "RENAME", "START", "STOP", "DRYRUN"), _READ_ONLY),
    "FOREACH": _READ_ONLY,
    "LOAD": "Nothing is loaded: pass data in parameters.",
    "CALL": "Procedures and subqueries are not allowed: use WITH, EXISTS { } or COUNT { }.",
    "USE": "A query runs in its key's workspace.",
    "SHOW": "docs/graph-queries.md lists labels, types and properties.",
    "TERMINATE": _READ_ONLY,
    "EXPLAIN": "Send the query without it.",
    "PROFILE": "Send the query without it.",
    "CYPHER": "Send the query without options before it.",
    "FINISH": "End the query with RETURN.",
    "FILTER": "Write WITH … WHERE.",
    "LET": "Write WITH.",
    "FOR": "Write UNWIND.",
    "NEXT": "Write one query.",
    "WHEN": "Write one query.",
    "OFFSET": "Write SKIP.",
}
KEYWORDS = frozenset(
    {
        *("MATCH", "OPTIONAL", "WHERE", "WITH", "UNWIND", "RETURN", "ORDER", "BY", "SKIP", "LIMIT", "DISTINCT"),
        *("UNION", "ALL", "AS", "AND", "OR", "XOR", "NOT", "IN", "IS", "NULL", "STARTS", "ENDS", "CONTAINS"),
        *("CASE", "WHEN", "THEN", "ELSE", "END", "TRUE", "FALSE", "EXISTS"),
        *("ASC", "DESC", "ASCENDING", "DESCENDING"),
    }
)
