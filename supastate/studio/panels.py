"""What stands around an object's form: its neighbours, links, vectors, evidence and work."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from graph.models import GraphFile, GraphQueue
from ingest.models import Batch, CodeBlob, CodeQueue, MemoryQueue
from processing.models import (
    CodeFile,
    CodeObject,
    Embedding,
    EmbedQueue,
    LinkQueue,
    Memory,
    MemoryLink,
    Pattern,
    PatternOccurrence,
    Session,
    SubjectKind,
    Summary,
)
from supastate.queueing.dead_letters import list_attempts
from supastate.queueing.ledger import count_stages
from supastate.queueing.models import QueueItem, Status
from supastate.queueing.stages import stage_of
from supastate.studio.dead_letters import MAY_ACT, name_stage
from supastate.studio.reading import list_readable, may_view
from supastate.studio.selection import current_user

NEIGHBOURS = 4
LINKS = 50
MEMORIES_ON_A_PAGE = 100
OCCURRENCES = 20
MEMORIES_OF_AN_OCCURRENCE = 20
SOURCE_CHARACTERS = 20_000


def describe_memory(request: HttpRequest, memory: Memory) -> dict[str, Any]:
    """Return a memory's session neighbours, code, vectors, embedding work and source row."""
    links = list_readable(MemoryLink, request).filter(memory=memory).select_related("code_object__file")
    return {
        "neighbours": _find_neighbours(request, memory),
        "links": links.order_by("-confidence")[:LINKS],
        "references": memory.references.order_by("kind", "text")[:LINKS],
        "vectors": _find_vectors(request, SubjectKind.MEMORY, memory.content_hash),
        "embedding_work": _find_embedding_work(request, memory.pk),
        "source": list_readable(MemoryQueue, request).filter(pk=memory.source_id).defer("payload").first(),
    }


def describe_session(request: HttpRequest, session: Session) -> dict[str, Any]:
    """Return one page of a session's conversation, oldest first."""
    memories = list_readable(Memory, request).filter(session=session).select_related("author")
    pages = Paginator(in_order_of_speaking(memories), MEMORIES_ON_A_PAGE)
    return {"thread": pages.get_page(request.GET.get("part"))}


def describe_code_file(request: HttpRequest, file: CodeFile) -> dict[str, Any]:
    """Return a file's definitions, and what of it the graph holds."""
    definitions = list_readable(CodeObject, request).filter(file=file).defer("content", "search")
    return {
        "definitions": definitions.order_by("start_line", "end_line")[:500],
        "graph_file": list_readable(GraphFile, request)
        .filter(project=file.project_id, path=file.path)
        .defer("facts")
        .first(),
    }


def describe_code_object(request: HttpRequest, code: CodeObject) -> dict[str, Any]:
    """Return a definition's numbered source, the memories about it, and its vectors."""
    links = list_readable(MemoryLink, request).filter(code_object=code).select_related("memory__author")
    return {
        "source_lines": list(enumerate(code.content.splitlines(), start=code.start_line)),
        "links": links.order_by("-memory__occurred_at")[:LINKS],
        "vectors": _find_vectors(request, SubjectKind.CODE, code.content_hash),
        "embedding_work": _find_embedding_work(request, code.pk),
    }


def describe_pattern(request: HttpRequest, pattern: Pattern) -> dict[str, Any]:
    """Return a pattern's newest occurrences, each with the memories and code that show it."""
    occurrences = list(
        list_readable(PatternOccurrence, request).filter(pattern=pattern).order_by("-occurred_at")[:OCCURRENCES]
    )
    shown = {item for each in occurrences for item in each.memory_ids[:MEMORIES_OF_AN_OCCURRENCE]}
    memories = in_bulk(list_readable(Memory, request).select_related("author").defer("search"), shown)
    uids = {uid for each in occurrences for uid in each.uids}
    code = {item.uid: item for item in list_readable(CodeObject, request).filter(uid__in=uids).defer("content")}
    return {
        "occurrences": [
            {
                "occurred_at": each.occurred_at,
                "summary": each.summary,
                "memories": [memories[key] for key in each.memory_ids if key in memories],
                "code": [code[uid] for uid in each.uids if uid in code],
                "more": max(len(each.memory_ids) - MEMORIES_OF_AN_OCCURRENCE, 0),
            }
            for each in occurrences
        ]
    }


def describe_batch(batch: Batch) -> dict[str, Any]:
    """Return where a batch's rows are, stage by stage, and its rejections."""
    counts = count_stages(workspace_id=batch.workspace_id, batch_id=batch.pk)
    return {
        "ledger": [(name_stage(name), row.values()) for name, row in counts.items()],
        "statuses": Status.labels,
        "rejections": batch.rejections[:500],
    }


def describe_work(request: HttpRequest, row: QueueItem) -> dict[str, Any]:
    """Return what a queue row is about, how each attempt failed, and `ticked` if it may be acted on."""
    is_open = row.status == Status.DEAD and row.discarded_at is None
    may_act = current_user(request).has_perm(MAY_ACT)
    return {
        "attempts": list_attempts(row.pk, workspace_id=row.workspace_id),
        "subject": _find_subject(request, row),
        "source_text": _find_source_text(request, row),
        "ticked": f"{stage_of(type(row)).name}:{row.pk}" if is_open and may_act else "",
    }


def in_order_of_speaking(memories: QuerySet[Any]) -> QuerySet[Any]:
    """Sort memories as they were said: by time, then by line and part of the transcript."""
    return memories.order_by("occurred_at", "source_line", "part_no", "id").defer("search")


def in_bulk(rows: QuerySet[Any], ids: set[UUID]) -> dict[UUID, Any]:
    """Return {id: row} of those that may be read."""
    return {row.pk: row for row in rows.filter(pk__in=ids)}


def _find_neighbours(request: HttpRequest, memory: Memory) -> list[Memory]:
    if memory.session_id is None:
        return []
    session = list_readable(Memory, request).filter(session=memory.session_id).defer("search")
    moment, key = memory.occurred_at, memory.id
    earlier = Q(occurred_at__lt=moment) | Q(occurred_at=moment, id__lt=key)
    later = Q(occurred_at__gt=moment) | Q(occurred_at=moment, id__gt=key)
    before = session.filter(earlier).order_by("-occurred_at", "-id")
    after = session.filter(later).order_by("occurred_at", "id")
    return [*reversed(before[:NEIGHBOURS]), memory, *after[:NEIGHBOURS]]


def _find_vectors(request: HttpRequest, kind: SubjectKind, source_hash: str) -> QuerySet[Any]:
    """Return one row for each model that embedded the text: chunks, characters covered, time."""
    vectors = list_readable(Embedding, request).filter(subject_kind=kind, source_hash=source_hash)
    spans = {"chunks": Count("pk"), "first": Min("start"), "last": Max("end"), "made_at": Max("created_at")}
    by_model: QuerySet[Any] = vectors.values("model").annotate(**spans).order_by("model")
    return by_model


def _find_embedding_work(request: HttpRequest, subject_id: UUID) -> QuerySet[Any] | None:
    if not may_view(request, EmbedQueue):
        return None
    return list_readable(EmbedQueue, request).filter(subject_id=subject_id).order_by("-id")[:5]


def _find_subject(request: HttpRequest, row: QueueItem) -> dict[str, Any] | None:
    """Return name, title and link of what a row is about, if it is there and the person may look at it."""
    subject = _list_subjects(request, row).first()
    if subject is None or not may_view(request, type(subject)):
        return None
    options = subject._meta
    link = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[subject.pk])
    return {"name": capfirst(options.verbose_name), "title": str(subject), "link": link}


def _list_subjects(request: HttpRequest, row: QueueItem) -> QuerySet[Any]:
    match row:
        case EmbedQueue(subject_kind=SubjectKind.CODE, subject_id=subject_id):
            return list_readable(CodeObject, request).filter(pk=subject_id)
        case EmbedQueue(subject_kind=SubjectKind.SUMMARY, subject_id=subject_id):
            return list_readable(Summary, request).filter(pk=subject_id)
        case EmbedQueue(subject_id=memory_id) | LinkQueue(memory_id=memory_id):
            return list_readable(Memory, request).filter(pk=memory_id)
        case CodeQueue(project_id=project_id, path=path) | GraphQueue(project_id=project_id, path=path):
            return list_readable(CodeFile, request).filter(project=project_id, path=path)
    return list_readable(Memory, request).none()


def _find_source_text(request: HttpRequest, row: QueueItem) -> str:
    """Return the source text that came with a row of the code queue, to superusers alone."""
    if not isinstance(row, CodeQueue) or not current_user(request).is_superuser:
        return ""
    blob = list_readable(CodeBlob, request).filter(content_hash=row.content_hash).first()
    return blob.content[:SOURCE_CHARACTERS] if blob else ""
