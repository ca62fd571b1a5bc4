"""Contradictions as JSON."""

from __future__ import annotations

from typing import Any

from processing.models import Contradiction, Memory

SNIPPET_CHARACTERS = 280


def describe_contradiction(row: Contradiction) -> dict[str, Any]:
    """Return a contradiction read by `select_contradictions`; `holds` and `contradicted` are ids of memories."""
    person = row.decided_by
    return {
        "id": row.pk,
        "kind": row.kind or None,
        "difference": row.difference or None,
        "cosine": None if row.cosine is None else round(row.cosine, 4),
        "state": row.state,
        "first": _describe_memory(row.first),
        "second": _describe_memory(row.second),
        "holds": row.holder_id,
        "contradicted": row.contradicted_id,
        "decidedBy": {"id": person.pk, "name": person.get_username()} if person else None,
        "decidedAt": row.decided_at,
        "foundAt": row.found_at,
    }


def _describe_memory(memory: Memory) -> dict[str, Any]:
    return {
        "id": memory.pk,
        "snippet": memory.content[:SNIPPET_CHARACTERS],
        "role": memory.role,
        "author": {"id": memory.author_id, "name": memory.author.get_username()},
        "visibility": memory.visibility,
        "occurredAt": memory.occurred_at,
    }
