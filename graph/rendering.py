"""The wire form of the graph's entities and of the ways between them.

An entity of a project that is not among the given ones is left out: a second wall, since edges never leave a
project.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from graph.store.model import GraphEntity, GraphNeighbour, Impact, Neighbourhood
from graph.visibility import ProjectNames

SHOWN = ("kind", "name", "qualifiedName", "path", "startLine", "endLine", "signature", "language")


def describe_entity(entity: GraphEntity, projects: ProjectNames) -> dict[str, Any]:
    """Return one entity; what does not apply to it (the lines of an external module) is null."""
    body: dict[str, Any] = {
        "uid": entity.uid,
        "label": entity.label.value,
        **{name: entity.properties.get(name) for name in SHOWN},
        "project": {"id": entity.project, "name": projects[entity.project]},
    }
    if entity.deleted_at is not None:
        body["deletedAt"] = datetime.fromtimestamp(entity.deleted_at / 1000, tz=UTC)
    return body


def describe_neighbours(found: Neighbourhood, projects: ProjectNames) -> dict[str, Any]:
    """Return neighbours, the nearest first, each with the way by which it was reached."""
    return {
        "items": [
            _describe_neighbour(neighbour, projects)
            for neighbour in found.items
            if neighbour.entity.project in projects
        ],
        "truncated": found.truncated,
    }


def describe_impact(impact: Impact, projects: ProjectNames) -> dict[str, Any]:
    """Return everything that is hit, with the uids of the calls between; the confidence is their product."""
    return {
        "items": [
            {
                "entity": describe_entity(hit.entity, projects),
                "path": list(hit.path),
                "depth": len(hit.path) - 1,
                "confidence": round(hit.confidence, 4),
            }
            for hit in impact.items
            if hit.entity.project in projects
        ],
        "truncated": impact.truncated,
    }


def describe_count(found: Neighbourhood) -> dict[str, Any]:
    """Return how many neighbours there are; `truncated` means: at least so many."""
    return {"count": len(found.items), "truncated": found.truncated}


def _describe_neighbour(neighbour: GraphNeighbour, projects: ProjectNames) -> dict[str, Any]:
    return {
        "entity": describe_entity(neighbour.entity, projects),
        "depth": neighbour.depth,
        "via": neighbour.via,
        "confidence": neighbour.confidence,
        "method": neighbour.method,
        "lines": list(neighbour.lines),
    }
