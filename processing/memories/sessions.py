"""The session that a remembered memory belongs to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models.functions import Greatest, Least

from processing.models import Session


def ensure_session(
    *,
    workspace_id: UUID,
    author_id: UUID,
    key: str,
    project_id: UUID | None,
    visibility: str,
    moment: datetime,
) -> Session:
    """Return the author's session `key`, made on first sight, stretched so that it covers `moment`."""
    session, is_new = Session.objects.get_or_create(
        workspace_id=workspace_id,
        key=key,
        author_id=author_id,
        defaults={
            "project_id": project_id,
            "visibility": visibility,
            "started_at": moment,
            "ended_at": moment,
        },
    )
    if not is_new:
        Session.objects.filter(pk=session.pk).update(
            started_at=Least("started_at", moment), ended_at=Greatest("ended_at", moment)
        )
    return session
