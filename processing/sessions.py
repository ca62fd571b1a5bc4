"""The session that a memory belongs to: made on first sight, stretched by every moment that is added to it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Greatest, Least

from processing.models import Session


@dataclass(frozen=True, slots=True)
class SessionSpan:
    """What was learnt of an author's session `key`; '' is nothing new."""

    workspace_id: UUID
    author_id: UUID
    key: str
    project_id: UUID | None
    visibility: str
    started_at: datetime
    ended_at: datetime
    cwd: str = ""
    branch: str = ""
    title: str = ""


def ensure_session(span: SessionSpan) -> Session:
    """Return the session, covering `span`; what the span tells replaces what was known."""
    told = {"cwd": span.cwd[:1024], "branch": span.branch[:255], "title": span.title[:500]}
    session, is_new = Session.objects.get_or_create(
        workspace_id=span.workspace_id,
        key=span.key,
        author_id=span.author_id,
        defaults={
            "project_id": span.project_id,
            "visibility": span.visibility,
            "started_at": span.started_at,
            "ended_at": span.ended_at,
            **told,
        },
    )
    if not is_new:
        Session.objects.filter(pk=session.pk).update(
            started_at=Least("started_at", span.started_at),
            ended_at=Greatest("ended_at", span.ended_at),
            **{name: value for name, value in told.items() if value},
        )
    return session


def match_session(text: str, *, path: str = "") -> Q:
    """Return the filter for sessions of this id or client's key: keys often are UUIDs too, so both readings count.

    `path` leads to the session from what is filtered: `session__`, for one.
    """
    named = Q(**{f"{path}key": text})
    with suppress(ValueError):
        named |= Q(**{f"{path}pk": UUID(text)})
    return named
