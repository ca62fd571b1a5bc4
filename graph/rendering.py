"""The wire form of the graph's entities and of the ways between them.

An entity of a project that is not among the given ones is left out: a second wall, since edges never leave a
project.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from graph.paths import FoundPath
from graph.store.model import GraphEntity, GraphNeighbour, Impact, Neighbourhood
from graph.store.questions import LanguageShare, Ranked, Way
from graph.visibility import ProjectNames
from supastate.api.pagination import encode_cursor

MOST_PLACES = 4_000

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


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list to show; a cursor is the place after the last that was shown."""

    offset: int
    limit: int

    @property
    def end(self) -> int:
        """How many places must be read."""
        return self.offset + self.limit

    def cursor(self, *, more: bool) -> str | None:
        """Return the next page's cursor, None if there is no more or none further is shown."""
        return encode_cursor(self.end) if more and self.end <= MOST_PLACES else None


def describe_neighbours(found: Neighbourhood, projects: ProjectNames, page: Page) -> dict[str, Any]:
    """Return a page of neighbours, the nearest first, each with the way by which it was reached."""
    return {
        "items": [
            _describe_neighbour(neighbour, projects)
            for neighbour in found.items[page.offset :]
            if neighbour.entity.project in projects
        ],
        "truncated": found.truncated,
        "nextCursor": page.cursor(more=found.truncated),
    }


def describe_impact(impact: Impact, projects: ProjectNames, page: Page) -> dict[str, Any]:
    """Return a page of what is hit, with the uids of the calls between; the confidence is their product."""
    return {
        "items": [
            {
                "entity": describe_entity(hit.entity, projects),
                "path": list(hit.path),
                "depth": len(hit.path) - 1,
                "confidence": round(hit.confidence, 4),
            }
            for hit in impact.items[page.offset :]
            if hit.entity.project in projects
        ],
        "truncated": impact.truncated,
        "nextCursor": page.cursor(more=impact.truncated),
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


def describe_ranked(found: Iterable[Ranked], projects: ProjectNames, *, as_field: str) -> list[dict[str, Any]]:
    """Return entities with the count that they are ranked by."""
    return [{"entity": describe_entity(item.entity, projects), as_field: item.degree} for item in found]


def describe_path(path: FoundPath, projects: ProjectNames) -> dict[str, Any]:
    """Return a path: its entities in order, and between them its edges."""
    return {
        "found": bool(path.entities),
        "length": len(path.ways) if path.entities else None,
        "entities": [describe_entity(entity, projects) for entity in path.entities],
        "edges": [_describe_way(way) for way in path.ways],
        "searchEnded": "limit" if path.gave_up else "complete",
    }


def describe_languages(shares: Sequence[LanguageShare]) -> list[dict[str, Any]]:
    """Return files and lines by language; null is what no language is known of."""
    return [{"language": share.language, "files": share.files, "lines": share.lines} for share in shares]


def _describe_way(way: Way) -> dict[str, Any]:
    return {
        "type": way.type.value.lower(),
        "from": way.source,
        "to": way.target,
        "confidence": way.confidence,
        "lines": list(way.lines),
    }
