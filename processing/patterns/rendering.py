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
        "subtype": pattern.subtype,
        "scope": pattern.scope,
        "state": pattern.state,
        "title": pattern.title,
        "project": {"id": project.pk, "name": project.name} if project else None,
        "visibility": pattern.visibility,
        "frequency": pattern.frequency,
        "confidence": pattern.confidence,
        "firstSeen": pattern.first_seen,
        "lastSeen": pattern.last_seen,
        "trend": name_trend(recent=pattern.recent, earlier=pattern.earlier, frequency=pattern.frequency),
        "details": pattern.details,
        "evidence": pattern.newest_evidence,
    }


def name_trend(*, recent: int, earlier: int, frequency: int) -> str:
    """Return how the last 30 days compare with the 30 before; `new` is what was never seen before them."""
    if not recent and not earlier:
        return "quiet"
    if recent == frequency:
        return "new"
    return "rising" if recent > earlier else "falling" if recent < earlier else "steady"


def render_solution(occurrence: PatternOccurrence, evidence: Evidence) -> dict[str, Any]:
    """Return one time that an error was mended: the error, the pattern that it belongs to, and what was done."""
    pattern: Any = occurrence.pattern
    project = pattern.project
    return {
        "error": occurrence.summary,
        "patternId": pattern.pk,
        "title": pattern.title,
        "project": {"id": project.pk, "name": project.name} if project else None,
        "command": pattern.details.get("command"),
        "file": pattern.details.get("file"),
        "confidence": pattern.confidence,
        "occurrence": _render_occurrence(occurrence, evidence),
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
        "startedAt": occurrence.started_at,
        "occurredAt": occurrence.occurred_at,
        "summary": occurrence.summary,
        "entities": occurrence.uids,
        "evidence": [_render_memory(memory, occurrence) for memory in shown if memory is not None],
    }


def _render_memory(memory: Memory, occurrence: PatternOccurrence) -> dict[str, Any]:
    spans = [(first, past) for memory_id, first, past in occurrence.spans if memory_id == str(memory.pk)]
    start = max(spans[0][0] - SNIPPET_CHARACTERS // 4, 0) if spans else 0
    session_id: UUID | None = memory.session_id
    return {
        "id": memory.pk,
        "role": memory.role,
        "occurredAt": memory.occurred_at,
        "sessionId": session_id,
        "snippet": memory.content[start : start + SNIPPET_CHARACTERS],
        "spans": [{"start": first, "end": past} for first, past in spans],
    }
