"""Keeps a finished summary, unless what it quotes has changed since it was read."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from processing.models import Summary, SummaryKind, SummarySource
from processing.summaries.drafts import Draft, Text
from processing.summaries.statements import fetch_rows
from processing.summaries.subjects import Audience, Subject
from supastate.errors import TransientError
from supastate.workspaces.models import Visibility

_REPLACED = (
    *("project", "session", "code_object", "author", "name", "path", "content", "lines"),
    *("method", "model", "reason", "version", "moment", "generated_at"),
)


def save_summary(subject: Subject, audience: Audience, draft: Draft, text: Text, *, version: str) -> None:
    """Put the text in the place of the one before. Runs inside a scope of the pipeline.

    The memories that it quotes are held until the transaction ends, so that whoever deletes one comes before, and
    the summary is not kept, or after, and finds it. Raises TransientError `sources_changed`.
    """
    _hold_sources({memory_id: draft.memories[memory_id] for memory_id in text.memory_ids}, audience)
    Summary.objects.bulk_create(
        [_build(subject, audience, draft, text, version)],
        update_conflicts=True,
        unique_fields=["workspace", "kind", "subject", "visibility"],
        update_fields=_REPLACED,
    )
    saved = Summary.objects.only("pk").get(
        workspace_id=subject.workspace_id, kind=subject.kind, subject=subject.key, visibility=audience.visibility
    )
    SummarySource.objects.filter(summary=saved).delete()
    SummarySource.objects.bulk_create(
        SummarySource(workspace_id=subject.workspace_id, summary=saved, memory_id=memory_id)
        for memory_id in text.memory_ids
    )


def _hold_sources(expected: Mapping[UUID, str], audience: Audience) -> None:
    held = fetch_rows("hold_sources", {"ids": list(expected)})
    readable = {
        memory_id: content_hash
        for memory_id, content_hash, visibility in held
        if audience.visibility == Visibility.PRIVATE or visibility == Visibility.WORKSPACE
    }
    if readable != dict(expected):
        raise TransientError(
            "What the summary quotes has changed meanwhile; it is made again.",
            code="sources_changed",
            counts_as_attempt=False,
            retry_after=0,
        )


def _build(subject: Subject, audience: Audience, draft: Draft, text: Text, version: str) -> Summary:
    return Summary(
        workspace_id=subject.workspace_id,
        kind=subject.kind,
        subject=subject.key,
        project_id=subject.project_id,
        session_id=subject.row_id if subject.kind == SummaryKind.SESSION else None,
        code_object_id=subject.row_id if subject.kind in {SummaryKind.FILE, SummaryKind.ENTITY} else None,
        author_id=audience.author_id,
        visibility=audience.visibility,
        name=subject.name,
        path=subject.path,
        content=text.content,
        lines=[line.to_json() for line in text.lines],
        method=text.method,
        model=text.model,
        reason=text.reason,
        version=version,
        moment=draft.moment or timezone.now(),
    )
