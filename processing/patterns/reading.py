"""Reads a conversation in the order it happened, a little at a time and without its long texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Case, Expression, Q, QuerySet, Value, When
from django.db.models.functions import Left, Length, Right

from processing.models import CodeReference, Memory, MemoryLink, Role, Session
from processing.patterns.sightings import Audience
from supastate.workspaces.models import Visibility

READ_AT_ONCE = 1_000
BEGINNING_CHARACTERS = 200
ENDING_CHARACTERS = 2_000
CHANGE_CHARACTERS = 10_000
SPEAKERS = (Role.USER, Role.ASSISTANT)
SURE_LINK = 0.8  # a name that one definition alone can mean
FIELDS = (
    "id",
    "project_id",
    "author_id",
    "visibility",
    "role",
    "metadata__kind",
    "metadata__isSidechain",
    "tool",
    "file_paths",
    "occurred_at",
)


@dataclass(frozen=True, slots=True)
class Talk:
    """Where memories are read: one session, or a memory that belongs to none."""

    id: UUID
    is_loose: bool
    workspace_id: UUID


@dataclass(frozen=True, slots=True)
class Step:
    """One memory, as detection sees it.

    `beginning` and `ending` are those of its words where a reader asked for them, else empty; `length` how
    many characters they have.
    """

    memory_id: UUID
    project_id: UUID | None
    audience: Audience
    role: str
    kind: str
    is_sidechain: bool
    tool: Mapping[str, Any]
    file_paths: tuple[str, ...]
    occurred_at: datetime
    beginning: str = ""
    ending: str = ""
    length: int = 0

    @property
    def call_id(self) -> str:
        """What joins a tool's call and its result."""
        return str(self.tool.get("callId", ""))

    def files(self, *actions: str) -> tuple[str, ...]:
        """Return the paths that the tool used in one of these ways."""
        return tuple(file["path"] for file in self.tool.get("files", ()) if file["action"] in actions)


def read_folder(talk: Talk) -> str:
    """Return the folder that a session's commands run in ('' when it is not known)."""
    return Session.objects.filter(pk=talk.id).values_list("cwd", flat=True).first() or ""


def read_steps(talk: Talk) -> Iterator[Step]:
    """Yield all memories of a conversation."""
    return _read(_memories(talk))


def read_tool_steps(talk: Talk) -> Iterator[Step]:
    """Yield the tool calls and results of a conversation, with the ends of what they said."""
    return _read(
        _memories(talk).filter(tool__isnull=False),
        beginning=Left("content", BEGINNING_CHARACTERS),
        ending=Right("content", ENDING_CHARACTERS),
        length=Length("content"),
    )


def read_told_steps(talk: Talk) -> Iterator[Step]:
    """Yield all memories of a conversation, with the beginnings of what they say."""
    return _read(_memories(talk), beginning=Left("content", BEGINNING_CHARACTERS))


def read_prompts(talk: Talk) -> Iterator[Step]:
    """Yield what a person said in a conversation, or noted outside any, with its beginning."""
    said = Q(metadata__isSidechain__isnull=True) | Q(metadata__isSidechain=False)
    prompts = _memories(talk).filter(said, role=Role.USER, tool__isnull=True)
    return _read(prompts, beginning=Left("content", BEGINNING_CHARACTERS))


def read_change_steps(talk: Talk) -> Iterator[Step]:
    """Yield the tool calls and results of a conversation, calls with the beginning of their text."""
    is_call = Q(metadata__kind="tool_call")
    told = Case(When(is_call, then=Left("content", CHANGE_CHARACTERS)), default=Value(""))
    return _read(_memories(talk).filter(tool__isnull=False), beginning=told)


def read_named_paths(talk: Talk) -> Iterator[tuple[UUID, str]]:
    """Yield (memory, path as it was written) of what people and assistants named in words."""
    named = CodeReference.objects.filter(kind=CodeReference.Kind.PATH, how=CodeReference.How.EXACT_PATH)
    for memory_ids in _spoken(talk):
        yield from named.filter(memory_id__in=memory_ids).values_list("memory_id", "text")


def read_linked_paths(talk: Talk) -> Iterator[tuple[UUID, str]]:
    """Yield (memory, path of the file) of definitions that people and assistants surely meant."""
    linked = MemoryLink.objects.filter(
        Q(code_object__visibility=Visibility.WORKSPACE) | Q(memory__visibility=Visibility.PRIVATE),
        confidence__gte=SURE_LINK,
    )
    for memory_ids in _spoken(talk):
        yield from (
            linked.filter(memory_id__in=memory_ids).values_list("memory_id", "code_object__file__path").distinct()
        )


def _memories(talk: Talk) -> QuerySet[Memory]:
    return Memory.objects.filter(pk=talk.id) if talk.is_loose else Memory.objects.filter(session_id=talk.id)


def _spoken(talk: Talk) -> Iterator[list[UUID]]:
    """Yield ids, and not a sub-select: with row security its size is guessed so badly that tables are scanned."""
    ids = iter(_memories(talk).filter(role__in=SPEAKERS).order_by().values_list("pk", flat=True))
    while part := list(islice(ids, READ_AT_ONCE)):
        yield part


def _read(memories: QuerySet[Memory], **told: Expression) -> Iterator[Step]:
    """Yield memories in the order they happened; `told` are a step's last fields, in their order."""
    rows = memories.order_by("occurred_at", "source_line", "part_no", "pk").annotate(**told)
    for row in rows.values_list(*FIELDS, *told).iterator(READ_AT_ONCE):
        yield _build_step(*row)


def _build_step(
    memory_id: UUID,
    project_id: UUID | None,
    author_id: UUID,
    visibility: str,
    role: str,
    kind: str | None,
    is_sidechain: bool | None,
    tool: dict[str, Any] | None,
    file_paths: list[str],
    occurred_at: datetime,
    beginning: str = "",
    ending: str = "",
    length: int = 0,
) -> Step:
    return Step(
        memory_id=memory_id,
        project_id=project_id,
        audience=Audience(author_id, is_private=visibility == Visibility.PRIVATE),
        role=role,
        kind=kind or "text",
        is_sidechain=bool(is_sidechain),
        tool=tool or {},
        file_paths=tuple(file_paths),
        occurred_at=occurred_at,
        beginning=beginning,
        ending=ending,
        length=length,
    )
