"""What belongs to each hit of a page: the turns around it, what shares its file, links both ways, and its callers.

One statement and, for callers, two questions to the graph serve the whole page. When the graph is away its answers
are left out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from graph.connection import graph_store
from graph.elements import EdgeType
from graph.store.model import GraphEntity
from graph.visibility import ProjectNames, name_projects
from processing.models import CodeObject
from supastate.errors import PermanentError, TransientError
from supastate.search.facets import ids_by_kind
from supastate.search.model import Kind
from supastate.search.searching import Hit
from supastate.search.statements import fetch_rows
from supastate.workspaces.scope import workspace_scope

MOST_OF_A_RELATION = 3
MOST_CALLS = 500
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Related:
    """One neighbour of a hit: how it is related, what it is, where, and how sure a link or a call is (0 to 1)."""

    relation: str
    kind: Kind
    id: str
    text: str
    place: Mapping[str, Any]
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class RelatedItems:
    """Neighbours by the id of their hit's row; `degraded` says why callers are missing."""

    by_hit: Mapping[UUID, Sequence[Related]]
    degraded: str | None


def find_related(hits: Sequence[Hit], *, workspace_id: UUID, reader: UUID, with_callers: bool) -> RelatedItems:
    """Return what belongs to each hit, a few of each relation, as `reader` sees the workspace."""
    found: dict[UUID, list[Related]] = defaultdict(list)
    ids = ids_by_kind([(hit.kind, hit.match) for hit in hits])
    with workspace_scope(workspace_id, reader=reader):
        for subject, relation, kind, item, text, place, confidence, _ in fetch_rows(
            "related_to_hits", {**ids, "most": MOST_OF_A_RELATION}
        ):
            found[subject].append(Related(relation, Kind(kind), item, text, json.loads(place), confidence))
        projects = name_projects()
    uids = {hit.subject.uid: hit.subject.pk for hit in hits if isinstance(hit.subject, CodeObject)}
    if not uids or not with_callers:
        return RelatedItems(found, None)
    try:
        for uid, callers in _find_callers(workspace_id, uids, projects).items():
            found[uids[uid]] += callers
    except (TransientError, PermanentError) as exc:
        log.warning("related_degraded", code=exc.error_code)
        return RelatedItems(found, exc.error_code)
    return RelatedItems(found, None)


def _find_callers(
    workspace_id: UUID, uids: Iterable[str], projects: ProjectNames
) -> Mapping[str, Sequence[Related]]:
    questions = graph_store().questions
    calls = questions.step(workspace_id, list(uids), types=[EdgeType.CALLS], incoming=True, limit=MOST_CALLS)
    sources: dict[str, list[str]] = defaultdict(list)
    for source, target in sorted(calls):
        if source != target and len(sources[target]) < MOST_OF_A_RELATION:
            sources[target].append(source)
    entities = questions.entities(workspace_id, [uid for found in sources.values() for uid in found])
    visible = {uid: entity for uid, entity in entities.items() if entity.project in projects}
    return {
        target: [_describe_caller(visible[uid]) for uid in found if uid in visible]
        for target, found in sources.items()
    }


def _describe_caller(entity: GraphEntity) -> Related:
    place = {"path": entity.src_file, "startLine": entity.properties.get("startLine")}
    return Related("caller", Kind.CODE, entity.uid, entity.text("qualifiedName"), place)
