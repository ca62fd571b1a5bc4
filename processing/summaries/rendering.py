"""The wire form of a summary."""

from __future__ import annotations

from typing import Any

from processing.models import Summary
from processing.summaries.subjects import Subject


def describe_summary(summary: Summary) -> dict[str, Any]:
    """Return a summary that was read by `selecting`."""
    return {
        "id": summary.pk,
        "state": "ready",
        **describe_origin(summary),
        "content": summary.content,
        "lines": summary.lines,
        "visibility": summary.visibility,
    }


def describe_origin(summary: Summary) -> dict[str, Any]:
    """Return what a summary is of, how it was made, and whether its sources have changed."""
    project, session = summary.project, summary.session
    return {
        "subject": _describe_subject(summary.kind, summary.subject, summary),
        "project": {"id": project.pk, "name": project.name} if project else None,
        "session": {"id": session.pk, "key": session.key} if session else None,
        "author": {"id": summary.author_id, "name": summary.author.get_username()},
        "method": summary.method,
        "model": summary.model or None,
        "reason": summary.reason or None,
        "stale": summary.is_stale,
        "occurredAt": summary.moment,
        "generatedAt": summary.generated_at,
        "processingStatus": summary.processing_status,
    }


def describe_absence(subject: Subject, *, state: str, reason: str = "") -> dict[str, Any]:
    """Return what is said where there is no summary: it is `pending`, or making it has `failed`."""
    return {
        "state": state,
        "subject": _describe_subject(subject.kind, subject.key, subject),
        "reason": reason or None,
    }


def _describe_subject(kind: str, key: str, named: Subject | Summary) -> dict[str, Any]:
    return {"kind": kind, "id": key, "name": named.name or None, "path": named.path or None}
