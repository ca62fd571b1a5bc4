"""One row of every model in a member's workspace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils import timezone
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from graph.models import GraphFile, GraphProject, GraphQueue, Tombstone
from ingest.models import (
    Batch,
    CheckoutPath,
    CodeBlob,
    CodeQueue,
    FullSync,
    FullSyncPath,
    MemoryQueue,
    PathHead,
)
from processing.memories.forgotten import forgotten_shown
from processing.models import (
    CodeFile,
    CodeObject,
    CodeReference,
    Consolidation,
    Contradiction,
    Embedding,
    EmbeddingModel,
    EmbedQueue,
    ForgettingAct,
    ForgettingPolicy,
    ForgottenMemory,
    LinkQueue,
    Memory,
    MemoryAccess,
    MemoryAssociation,
    MemoryLink,
    MemoryStrength,
    Pattern,
    PatternCheckpoint,
    PatternOccurrence,
    PatternQueue,
    Session,
    Summary,
    SummaryQueue,
    SummarySource,
    SummarySpending,
    TombstoneLink,
    TopicLeader,
)
from supastate.queueing.models import Attempt, QueueAction
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import ApiKey, Checkout, Membership, Project
from tests.conftest import Member

SOURCE = "def claim_rows(queue):\n    return queue.due[:64]"


def make_memory(member: Member, content: str, **values: Any) -> Memory:
    """Store a memory of a member."""
    with member.scope():
        return Memory.objects.create(workspace=member.workspace, author=member.user, content=content, **values)


def make_forgotten(member: Member, content: str, **values: Any) -> ForgottenMemory:
    """Store a memory of a member that is forgotten."""
    with member.scope(), forgotten_shown():
        memory = ForgottenMemory.objects.create(
            workspace=member.workspace, author=member.user, content=content, **values
        )
        ForgottenMemory.objects.filter(pk=memory.pk).update(forgotten_at=timezone.now())
        EmbedQueue.objects.filter(subject_id=memory.pk).delete()  # as if it had been embedded long ago
    return memory


def make_rows(member: Member) -> dict[type[Model], Model]:
    """Make one row of every model; return them by model."""
    with member.scope():
        made = [*_make_code(member), *_make_queues(member)]
        rows: dict[type[Model], Model] = {type(row): row for row in made}
        rows |= {type(row): row for row in _make_memory(member, rows)}
        rows[EmbedQueue] = EmbedQueue.objects.filter(subject_kind="memory").earliest("id")
    rows |= {type(row): row for row in _make_shared(member.workspace.slug)}
    rows |= {
        type(member.workspace): member.workspace,
        type(member.user): member.user,
        ApiKey: ApiKey.objects.get(workspace=member.workspace, author=member.user),
        Membership: Membership.objects.get(workspace=member.workspace, user=member.user),
    }
    return rows


def _make_code(member: Member) -> list[Any]:
    here = {"workspace": member.workspace}
    written = here | {"author": member.user}
    project = Project.objects.create(identity=f"example.org/{member.workspace.slug}", name="shop", **written)
    checkout = Checkout.objects.create(project=project, key="laptop", path="/home/shop", **here)
    sync = FullSync.objects.create(checkout=checkout, sync_key="first", parts=1, **here)
    file = CodeFile.objects.create(project=project, path="shop/queue.py", revision=1, blob_hash="a", **written)
    code = CodeObject.objects.create(
        project=project, file=file, uid="f" * 32, kind="function", name="claim_rows",
        qualified_name="shop.queue.claim_rows", start_line=7, end_line=8, content=SOURCE, **written,
    )  # fmt: skip
    return [
        project, checkout, sync, file, code,
        FullSyncPath.objects.create(full_sync=sync, path=file.path, **here),
        CheckoutPath.objects.create(checkout=checkout, path=file.path, content_hash="a", revision=1, **written),
        PathHead.objects.create(project=project, path=file.path, revision=1, content_hash="a", **here),
        CodeBlob.objects.create(content_hash="a", content=SOURCE, **here),
        GraphFile.objects.create(project=project, path=file.path, content_hash="a", parser_version=1, **here),
        GraphProject.objects.create(project=project, **here),
        GraphQueue.objects.create(project=project, path=file.path, **here),
        CodeQueue.objects.create(project=project, checkout=checkout, path=file.path, revision=1, **written),
    ]  # fmt: skip


def _make_queues(member: Member) -> list[Any]:
    here = {"workspace": member.workspace}
    rejected = [{"index": 3, "code": "malformed_line", "detail": "The line is not JSON."}]
    batch = Batch.objects.create(
        author=member.user, kind="transcript", received=2, new=1, rejected=1, rejections=rejected, **here
    )
    return [
        batch,
        MemoryQueue.objects.create(
            author=member.user, batch_id=batch.id, key=str(new_id()), body_hash="b", format="chunk",
            payload={"content": "what the client sent"}, **here,
        ),
        LinkQueue.objects.create(memory_id=new_id(), **here),
        PatternQueue.objects.create(pattern_types=["debugging"], user=member.user, **here),
        SummaryQueue.objects.create(kind="project", subject=str(new_id()), **here),
        SummarySpending.objects.create(month="2026-11-01", tokens=1200, calls=2, **here),
        Attempt.objects.create(stage="embed", row_id=new_id(), number=1, error_code="timeout", **here),
        QueueAction.objects.create(actor=member.user, action="replay", stage="embed", row_id=new_id(), **here),
        PatternCheckpoint.objects.create(type="debugging", last_memory_id=new_id(), **here),
    ]  # fmt: skip


def _make_memory(member: Member, rows: dict[type[Model], Any]) -> list[Any]:
    here = {"workspace": member.workspace}
    written = here | {"author": member.user}
    now = timezone.now()
    session = Session.objects.create(key="s-1", title="Mend the queue", **written)
    asked = Memory.objects.create(session=session, content="Why is it slow?", occurred_at=now, **written)
    memory = Memory.objects.create(
        session=session, role="assistant", content="claim_rows sorted the whole table.",
        occurred_at=now + timedelta(seconds=5), source_id=rows[MemoryQueue].pk, **written,
    )  # fmt: skip
    memory.refresh_from_db()
    pattern = Pattern.objects.create(
        type="debugging",
        subtype="fix",
        key="k",
        confidence=0.6,
        title="Slow claims",
        first_seen=now,
        last_seen=now,
        **written,
    )
    about = {"memory": memory, **here}
    lost = Tombstone.objects.create(
        project=rows[Project], uid="e" * 32, path="shop/old.py", kind="function", name="sort_rows",
        qualified_name="shop.old.sort_rows", start_line=1, end_line=2, deleted_at=now, **here,
    )  # fmt: skip
    summary = Summary.objects.create(
        kind="session", subject=str(session.pk), session=session, content="Request: Why is it slow?",
        lines=[{"label": "request", "text": "Why is it slow?", "memoryIds": [str(asked.pk)]}], **written,
    )  # fmt: skip
    return [
        session, memory, pattern, summary,
        SummarySource.objects.create(summary=summary, memory_id=asked.pk, **here),
        PatternOccurrence.objects.create(
            pattern=pattern, key="k", started_at=now, occurred_at=now, memory_ids=[asked.id, memory.id],
            uids=["f" * 32], **written,
        ),
        MemoryStrength.objects.create(working=0.6, core=0.1, access_count=2, last_accessed_at=now, **about),
        MemoryAccess.objects.create(reader=member.user, way="search", accessed_at=now, **about),
        MemoryAssociation.objects.create(
            first=min(asked, memory, key=lambda each: each.pk),
            second=max(asked, memory, key=lambda each: each.pk), count=3, strength=1, **here,
        ),
        Consolidation.objects.create(moment=now, last_memory_id=memory.pk, memories=2, finished_at=now, **here),
        Contradiction.objects.create(first=asked, second=memory, contradicted=asked, difference="a / b", **here),
        make_forgotten(member, "Old news."),
        ForgettingPolicy.objects.create(forget_after_days=90, changed_by=member.user, **here),
        ForgettingAct.objects.create(kind="forgotten", memories=1, person=member.user, **here),
        CodeReference.objects.create(kind="name", how="identifier", text="claim_rows", **about),
        MemoryLink.objects.create(
            code_object=rows[CodeObject], edge="mentions", how="identifier", confidence=0.75, **about
        ),
        TopicLeader.objects.create(memory=memory, model="all-MiniLM-L6-v2", signature="01" * 512, **written),
        lost,
        TombstoneLink.objects.create(
            tombstone=lost, edge="mentions", how="identifier", confidence=0.75, **about
        ),
        Embedding.objects.create(
            subject_kind="memory", model="all-MiniLM-L6-v2", source_hash=memory.content_hash, chunk_no=0,
            start=0, end=34, vector=[0.5] * 3, **here,
        ),
    ]  # fmt: skip


def _make_shared(name: str) -> list[Any]:
    interval = IntervalSchedule.objects.create(every=1, period="hours")
    return [
        interval,
        PeriodicTask.objects.create(name=name, task="processing.sweep_unembedded", interval=interval),
        CrontabSchedule.objects.create(minute="30", hour="3"),
        ClockedSchedule.objects.create(clocked_time=timezone.now()),
        SolarSchedule.objects.get_or_create(event="sunrise", latitude=52, longitude=13)[0],
        Group.objects.create(name=name),
        EmbeddingModel.objects.create(name=name, provider="local", dimensions=3),
    ]
