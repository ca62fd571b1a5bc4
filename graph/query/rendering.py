"""The wire form of an answer's values: nodes as in the typed endpoints, edges by the uids of their ends."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from graph.query.running import QueryResult
from graph.rendering import describe_entity
from graph.store.asking import GraphEdge, GraphPath
from graph.store.model import LINK_LABELS, GraphEntity
from graph.visibility import ProjectNames
from supastate.errors import PermanentError


def describe_result(result: QueryResult, projects: ProjectNames) -> dict[str, Any]:
    """Return columns and rows; `truncated` says that there were more rows."""
    rows = [[describe_value(value, projects) for value in row] for row in result.answer.rows]
    return {"columns": list(result.columns), "rows": rows, "truncated": result.answer.truncated}


def describe_value(value: Any, projects: ProjectNames) -> Any:
    """Return one value."""
    if isinstance(value, GraphEntity):
        return _describe_node(value, projects)
    if isinstance(value, GraphEdge):
        return _describe_edge(value)
    if isinstance(value, GraphPath):
        nodes = [_describe_node(node, projects) for node in value.nodes]
        return {"nodes": nodes, "relationships": [_describe_edge(edge) for edge in value.edges]}
    if isinstance(value, list | tuple):
        return [describe_value(item, projects) for item in value]
    if isinstance(value, dict):
        return {key: describe_value(item, projects) for key, item in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _describe_node(node: GraphEntity, projects: ProjectNames) -> dict[str, Any]:
    if node.project not in projects:  # a second wall: the guard lets no such node be bound
        raise PermanentError("The answer holds what this key may not see.", code="graph_guard_failed")
    body = describe_entity(node, projects)
    if node.label in LINK_LABELS:
        occurred_at = node.properties.get("occurredAt")
        body["session"] = node.properties.get("session")
        body["occurredAt"] = (
            datetime.fromtimestamp(int(occurred_at) / 1000, tz=UTC) if isinstance(occurred_at, int) else None
        )
    return body


def _describe_edge(edge: GraphEdge) -> dict[str, Any]:
    lines = str(edge.properties.get("lines") or "")
    return {
        "type": edge.type.value,
        "source": edge.source,
        "target": edge.target,
        "confidence": edge.properties.get("confidence"),
        "method": edge.properties.get("method") or edge.properties.get("how"),
        "lines": [int(line) for line in lines.split(",") if line],
    }
