"""Patterns as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from processing.models import Memory, PatternOccurrence, PatternQueue
from processing.patterns.selecting import SNIPPET_CHARACTERS, Evidence


def render_pattern(pattern: Any) -> dict[str, Any]:
    """Return a pattern; its `evidence` here is the memory ids of the newest occurrence."""
    project = pattern.project
    return {
        "id": pattern.pk,
        "type": pattern.type,
        "title": pattern.title,
        "project": {"id": project.pk, "name": project.name} if project else None,
        "visibility": pattern.visibility,
        "frequency": pattern.frequency,
        "confidence": pattern.confidence,
        "firstSeen": pattern.first_seen,
        "lastSeen": pattern.last_seen,
        "details": pattern.details,
        "evidence": pattern.newest_evidence,
    }


def render_with_evidence(pattern: Any, evidence: Evidence) -> dict[str, Any]:
    """Return a pattern with its newest occurrences, each with the memories that show it."""
    return {
        **render_pattern(pattern),
        "occurrences": [_render_occurrence(occurrence, evidence) for occurrence in evidence.occurrences],
    }


def render_job(job: PatternQueue) -> dict[str, Any]:
    """Return where a detection job is on its way."""
    return {
        "jobId": job.pk,
        "status": job.status,
        "patternTypes": job.pattern_types,
        "attempts": job.attempts,
        "createdAt": job.created_at,
        "processedAt": job.processed_at,
        "error": {"code": job.error_code, "detail": job.error_detail} if job.error_code else None,
    }


def _render_occurrence(occurrence: PatternOccurrence, evidence: Evidence) -> dict[str, Any]:
    shown = (evidence.memories.get(memory_id) for memory_id in occurrence.memory_ids)
    return {
        "id": occurrence.pk,
        "occurredAt": occurrence.occurred_at,
        "entities": occurrence.uids,
        "evidence": [_render_memory(memory) for memory in shown if memory is not None],
    }


def _render_memory(memory: Memory) -> dict[str, Any]:
    session_id: UUID | None = memory.session_id
    return {
        "id": memory.pk,
        "role": memory.role,
        "occurredAt": memory.occurred_at,
        "sessionId": session_id,
        "snippet": memory.content[:SNIPPET_CHARACTERS],
    }
