"""Readers' queries on Neo4j: refused unless a write is refused, planned before they run, streamed under caps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import neo4j
from neo4j import exceptions, graph

from graph import cypher
from graph.elements import EdgeType
from graph.store import rows
from graph.store.asking import (
    INTERNAL,
    Answer,
    GraphEdge,
    GraphPath,
    Limits,
    Question,
    find_ends,
    name_ends,
    take_rows,
)
from graph.store.backend import workspace_name
from supastate.errors import PermanentError

PROBE_WRITE = cypher.read_statement("neo4j/probe_write")
UIDS_OF_NODES = cypher.read_statement("neo4j/uids_of_nodes")
_WRITE_REFUSED = "Neo.ClientError.Statement.AccessMode"
# Operators that read a whole store: only a scan of the workspace's label, or a seek by its id, begins a plan.
_SCANS = ("Scan", "Seek")


def require_read_only(session: neo4j.Session) -> None:
    """Raise unless a session in read mode refuses a write."""
    try:
        session.run(PROBE_WRITE).consume()
    except exceptions.ClientError as exc:
        if exc.code == _WRITE_REFUSED:
            return
        raise
    raise PermanentError("The graph store takes writes in read mode.", code="graph_not_read_only")


def require_local_plan(transaction: neo4j.Transaction, workspace_id: UUID, question: Question) -> None:
    """Raise unless the store would only read, and begin at the workspace's nodes."""
    summary = transaction.run(f"EXPLAIN {question.text}", dict(question.parameters)).consume()
    if summary.query_type != "r" or summary.plan is None:
        raise PermanentError("The graph store would not only read.", code="graph_not_read_only")
    for operator, details in _walk_plan(summary.plan):
        if operator.endswith("ProcedureCall") or not _is_local(operator, details, workspace_name(workspace_id)):
            raise PermanentError(
                f"The graph store would begin with {operator}: begin with a label, a uid or a name.",
                code="cypher_too_costly",
            )


def _is_local(operator: str, details: str, workspace: str) -> bool:
    if not any(word in operator for word in _SCANS):
        return True
    return workspace in details or "workspace" in details or operator.startswith(("Argument", "NodeByElementId"))


def _walk_plan(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield plan["operatorType"].partition("@")[0], str(plan.get("args", {}).get("Details", ""))
    for child in plan.get("children", ()):
        yield from _walk_plan(child)


def stream_answer(
    transaction: neo4j.Transaction, workspace_id: UUID, question: Question, limits: Limits
) -> Answer:
    """Run the query and return its rows up to the limits."""
    result = transaction.run(question.text, dict(question.parameters))
    answer = take_rows((tuple(map(_read_value, record.values())) for record in result), limits)
    ends = sorted(find_ends(answer.rows))
    if not ends:
        return answer
    found = transaction.run(UIDS_OF_NODES, {"ids": ends, "workspace": str(workspace_id)})
    return Answer(name_ends(answer.rows, {row["id"]: row["uid"] for row in found}), answer.truncated)


def _read_value(value: Any) -> Any:
    if isinstance(value, graph.Node):
        return rows.read_entity({"labels": list(value.labels), "properties": dict(value.items())})
    if isinstance(value, graph.Relationship):
        return _read_edge(value)
    if isinstance(value, graph.Path):
        return GraphPath(tuple(map(_read_value, value.nodes)), tuple(map(_read_edge, value.relationships)))
    if isinstance(value, list):
        return [_read_value(item) for item in value]
    if isinstance(value, dict):
        return {key: _read_value(item) for key, item in value.items()}
    return value


def _read_edge(edge: graph.Relationship) -> GraphEdge:
    properties = {key: value for key, value in edge.items() if key not in INTERNAL}
    start, end = edge.nodes
    return GraphEdge(EdgeType(edge.type), start.element_id, end.element_id, properties)  # type: ignore[union-attr]
