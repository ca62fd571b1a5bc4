"""Fingerprints of what summaries rest on. A summary is stale when its own is not the present one.

So nobody who changes a source need know of summaries, and nothing can be forgotten: ingest pays one update of the
session's row a claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from processing.models import Summary, SummaryKind
from processing.summaries.statements import fetch_rows
from processing.summaries.subjects import Audience, Subject

RULES = 1
"""Raised when the same sources should give another text: all summaries are stale then."""
Versions = dict[int, str]
"""Fingerprints by place, from 1."""
MOST_TALK = 200
MOST_SESSIONS = 5
MOST_PATTERNS = 5


def read_version(subject: Subject, audience: Audience) -> str:
    """Return the present fingerprint of a subject for an audience. Runs inside a scope that sees the subject."""
    read = _STATEMENTS[subject.kind]
    return read([subject.row_id], [audience.visibility], [audience.author_id]).get(1, "")


def find_stale(summaries: Sequence[Summary]) -> set[UUID]:
    """Return the ids of those whose sources have changed. Runs inside a scope that sees them."""
    current: dict[UUID, str] = {}
    for kind, read in _STATEMENTS.items():
        some = [summary for summary in summaries if summary.kind == kind]
        if not some:
            continue
        versions = read(
            [item.session_id or item.code_object_id or item.project_id for item in some],
            [item.visibility for item in some],
            [item.author_id for item in some],
        )
        current |= {some[place - 1].pk: version for place, version in versions.items()}
    return {item.pk for item in summaries if current.get(item.pk) != item.version}


def _read(name: str, parameters: Mapping[str, Any]) -> Versions:
    return {place: f"{RULES}:{version}" for place, version in fetch_rows(name, parameters)}


def _of_sessions(ids: Sequence[UUID | None], _visibilities: Sequence[str], _authors: Sequence[UUID]) -> Versions:
    return _read("versions_of_sessions", {"sessions": list(ids)})


def _of_code(ids: Sequence[UUID | None], visibilities: Sequence[str], authors: Sequence[UUID]) -> Versions:
    audience = {"visibilities": list(visibilities), "authors": list(authors)}
    return _read("versions_of_code", {"objects": list(ids), "most": MOST_TALK, **audience})


def _of_projects(ids: Sequence[UUID | None], visibilities: Sequence[str], authors: Sequence[UUID]) -> Versions:
    audience = {"visibilities": list(visibilities), "authors": list(authors)}
    most = {"most_sessions": MOST_SESSIONS, "most_patterns": MOST_PATTERNS}
    return _read("versions_of_projects", {"projects": list(ids), **most, **audience})


_STATEMENTS = {
    SummaryKind.SESSION: _of_sessions,
    SummaryKind.FILE: _of_code,
    SummaryKind.ENTITY: _of_code,
    SummaryKind.PROJECT: _of_projects,
}
