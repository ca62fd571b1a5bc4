"""Sessions to summarise, summaries made by the stage, and what the API says of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from processing.models import Memory, Summary, SummaryQueue
from processing.summaries.asking import ask_for_summary
from supastate.workspaces.models import Project
from tests import pipeline
from tests.conftest import Member
from tests.processing.patterns.conversations import Conversation

REQUEST = "Why does the queue stall when a worker is killed?"
OUTCOME = "Done: killed workers lose nothing now."
DECISION = "We decided that a lease must outlive the longest task of the queue."


def hold_session(member: Member, key: str = "s1", **options: Any) -> Conversation:
    """A session with a request, an edit, a failing check that was mended, some talk and an outcome."""
    talk = Conversation(member, key, **options)
    talk.asks(REQUEST)
    talk.answers("The lease ended while the task of the queue was running, so two workers had one row.")
    talk.runs("pytest tests/test_queue.py", False, "1 failed")
    talk.edits("app/queue.py")
    talk.runs("pytest tests/test_queue.py", True, "1 passed")
    talk.answers(f"{DECISION} The lease is 330 seconds.")
    talk.asks("Is the coffee machine still broken?")
    talk.answers(OUTCOME)
    return talk.store()


def summarise(member: Member, kind: str, subject: Model | str) -> int:
    """Ask for a summary and make what is due; return how many rows were worked on."""
    key = subject if isinstance(subject, str) else str(subject.pk)
    ask_for_summary(kind, key, workspace_id=member.workspace.id)
    return pipeline.summarise(member)


def summaries_of(member: Member, reader: Any = None) -> list[Summary]:
    """What a reader (the pipeline by default) sees, the shared ones last."""
    with member.scope(reader) if reader else member.scope():
        return list(Summary.objects.order_by("kind", "visibility", "subject"))


def only_summary(member: Member, reader: Any = None) -> Summary:
    """The one summary that there is."""
    [summary] = summaries_of(member, reader)
    return summary


def rows_of(member: Member) -> list[SummaryQueue]:
    """The rows of the stage, oldest first."""
    with member.scope():
        return list(SummaryQueue.objects.order_by("id"))


def get(member: Member, address: str, status: int = 200) -> dict[str, Any]:
    """GET below `/api/`."""
    answer = member.api.get(f"/api/{address}")
    assert answer.status_code == status, answer.content
    body: dict[str, Any] = answer.json()
    return body


def project_of(member: Member) -> Project:
    """The project that the pipeline's helpers write to."""
    with member.scope():
        return Project.objects.get()


def say(member: Member, content: str, **fields: Any) -> Memory:
    """Store one memory."""
    with member.scope():
        return Memory.objects.create(workspace=member.workspace, author=member.user, content=content, **fields)
