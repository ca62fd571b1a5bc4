"""How far memories can be relied on: their confidence, and what contradicts them or is contradicted by them.

Computed when it is asked for, in one statement for all: it follows what others say and what is decided later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from processing.dynamics.confidence import Confidence, Known, judge_confidence
from processing.dynamics.statements import run_statement
from processing.models import PatternType
from processing.patterns.sightings import name_sighting
from supastate.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Standing:
    """A memory's confidence, and its confirmed contradictions by the ids of the other memories."""

    confidence: Confidence
    contradicted_by: tuple[UUID, ...] = ()
    contradicts: tuple[UUID, ...] = ()


def find_standings(memory_ids: Collection[UUID]) -> Mapping[UUID, Standing]:
    """Return the standing of each memory that the reader may see. Runs inside a workspace scope."""
    if not memory_ids:
        return {}
    parameters = {
        "ids": list(memory_ids),
        "sightings": [name_sighting(PatternType.SEMANTIC, memory_id) for memory_id in memory_ids],
    }
    with run_statement("standing_of_memories", parameters) as cursor:
        return {memory_id: _build(Known(*row)) for memory_id, *row in cursor.fetchall()}


def find_standing(memory_id: UUID) -> Standing:
    """Return the standing of one memory; raise NotFoundError if it was deleted just now."""
    found = find_standings([memory_id]).get(memory_id)
    if found is None:
        raise NotFoundError("There is no such memory.")
    return found


def describe_standing(standing: Standing) -> dict[str, Any]:
    """Return the wire form."""
    return {
        "confidence": describe_confidence(standing.confidence),
        "contradictedBy": list(standing.contradicted_by),
        "contradicts": list(standing.contradicts),
    }


def describe_confidence(confidence: Confidence) -> dict[str, Any]:
    """Return how sure a memory is, and each part of the formula by its name."""
    return {
        "value": confidence.value,
        "label": confidence.label,
        "set": confidence.is_said,
        "reasons": [{"reason": reason.name, "value": reason.value} for reason in confidence.reasons],
    }


def _build(known: Known) -> Standing:
    return Standing(judge_confidence(known), tuple(known.contradicted_by), tuple(known.contradicts))
