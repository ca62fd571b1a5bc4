"""Drafts by kind of subject, with the hashes of all that they quote."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from uuid import UUID

from processing.models import Memory, SummaryKind
from processing.summaries.code import draft_code
from processing.summaries.drafts import Draft
from processing.summaries.projects import draft_project
from processing.summaries.sessions import draft_session
from processing.summaries.subjects import Subject

_DRAFTERS: Mapping[SummaryKind, Callable[..., Draft]] = {
    SummaryKind.SESSION: draft_session,
    SummaryKind.FILE: draft_code,
    SummaryKind.ENTITY: draft_code,
    SummaryKind.PROJECT: draft_project,
}


def draft_summary(subject: Subject, *, model: str) -> Draft:
    """Return the draft of a subject as the open scope's reader sees it; `model` names the vectors to compare by.

    A hash must be as old as the words that it stands for, or a change between the two would go unseen. A project's
    words are those of other summaries, which go with what they quote: they are read again behind the hashes.
    """
    draft = _DRAFTERS[subject.kind](subject, model=model)
    hashes = _read_hashes(draft.memory_ids) | draft.memories
    if subject.kind == SummaryKind.PROJECT:
        draft = _DRAFTERS[subject.kind](subject, model=model)
    return replace(draft, memories={memory_id: hashes.get(memory_id, "") for memory_id in draft.memory_ids})


def _read_hashes(memory_ids: Collection[UUID]) -> dict[UUID, str]:
    return dict(Memory.objects.filter(pk__in=memory_ids).values_list("pk", "content_hash"))
