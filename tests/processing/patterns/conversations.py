"""Builds conversations as the store stage leaves them, and runs detection over them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from processing.linking.references import find_references
from processing.models import CodeReference, Memory, Pattern, PatternOccurrence, PatternQueue, Session
from processing.patterns.detecting import detect_due
from processing.patterns.requesting import request_detection
from supastate.workspaces.models import Project
from supastate.workspaces.projects import ProjectRef, ensure_project
from tests.conftest import Member

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def make_project(member: Member, path: str = "/code/shop", **options: Any) -> Project:
    with member.scope():
        return ensure_project(
            workspace_id=member.workspace.id, author_id=member.user.id, ref=ProjectRef(path=path), **options
        )


def past_id() -> UUID:
    """A UUIDv7 of an hour ago, each greater than the one before: long settled for a checkpoint."""
    number = next(_numbers)
    milliseconds = int((timezone.now() - timedelta(hours=1)).timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (number << 64) | (2 << 62) | number)


class Conversation:
    """A session's memories in the order they happened, a minute apart. `store` writes what was added since."""

    def __init__(
        self,
        member: Member,
        key: str,
        *,
        project: Project | None = None,
        visibility: str = "workspace",
        begins: datetime = NOON,
    ) -> None:
        self.member = member
        self.project = project
        self.visibility = visibility
        self.now = begins
        self.line = 0
        self.pending: list[Memory] = []
        with member.scope():
            self.session = Session.objects.create(
                workspace=member.workspace, key=key, author=member.user, project=project, visibility=visibility
            )

    def asks(self, text: str = "Go on.") -> Memory:
        return self._add("text", "user", text)

    def answers(self, text: str) -> Memory:
        return self._add("text", "assistant", text)

    def starts(self, command: str) -> Memory:
        return self._call(f"$ {command}", name="Bash", command=command)

    def ends(self, call: Memory, success: bool | None, text: str = "") -> Memory:
        assert call.tool is not None
        facts = {"callId": call.tool["callId"], "success": success}
        known = {name: value for name, value in facts.items() if value is not None}
        return self._add("tool_result", "tool", text or "(no output)", tool=known)

    def runs(self, command: str, success: bool | None, text: str = "") -> Memory:
        """Run a command at once; return its result."""
        return self.ends(self.starts(command), success, text)

    def edits(self, path: str, success: bool | None = True, *, old: str = "", new: str = "") -> Memory:
        """Edit a file; return the call, told as a transcript's is."""
        start = len(f"Edit {path}: ")
        middle = start + len(old)
        change = {"start": start, "middle": middle, "new": middle + 3, "end": middle + 3 + len(new)}
        facts = {"files": [{"path": path, "action": "edit"}], "changes": [change]}
        call = self._call(f"Edit {path}: {old} → {new}", name="Edit", **facts)
        self.ends(call, success, "The file has been updated.")
        return call

    def reads(self, path: str) -> Memory:
        call = self._call(f"Read {path}", name="Read", files=[{"path": path, "action": "read"}])
        self.ends(call, True, "1 import os")
        return call

    def writes(self, path: str, text: str) -> Memory:
        call = self._call(f"Write {path}:\n{text}", name="Write", files=[{"path": path, "action": "write"}])
        self.ends(call, True, "File created.")
        return call

    def fixes(self, command: str, path: str) -> list[UUID]:
        """One whole debugging episode; return the ids of its evidence."""
        evidence = [self.runs(command, False), self.edits(path), self.runs(command, True)]
        return [memory.id for memory in evidence]

    def store(self) -> Conversation:
        with self.member.scope():
            Memory.objects.bulk_create(self.pending)
            CodeReference.objects.bulk_create(
                [reference for memory in self.pending for reference in find_references(memory)]
            )
        self.pending = []
        return self

    def _call(self, text: str, **facts: Any) -> Memory:
        files = [file["path"] for file in facts.get("files", ())]
        return self._add(
            "tool_call", "tool", text, tool={"callId": f"call-{past_id()}", **facts}, file_paths=files
        )

    def _add(self, kind: str, role: str, content: str, **fields: Any) -> Memory:
        self.now += timedelta(minutes=1)
        self.line += 1
        memory = Memory(
            id=past_id(),
            workspace=self.member.workspace,
            project=self.project,
            session=self.session,
            author=self.member.user,
            visibility=self.visibility,
            role=role,
            content=content,
            metadata={"kind": kind},
            occurred_at=self.now,
            source_line=self.line,
            **fields,
        )
        self.pending.append(memory)
        return memory


def detect(member: Member, **options: Any) -> PatternQueue:
    """Ask for detection and do the job; return it as it ended."""
    with member.scope():
        job_id = request_detection(workspace_id=member.workspace.id, after_ingest=False, **options)
    assert job_id is not None
    detect_due(workspace_id=member.workspace.id)
    with member.scope():
        return PatternQueue.objects.get(pk=job_id)


MAIN_SUBTYPES = {"debugging": "fix", "memory_code": "recurring_file"}


def patterns_of(member: Member, pattern_type: str, reader: Any = None) -> list[Pattern]:
    """What `reader` (the pipeline by default) sees of the established patterns of a type, or of a subtype."""
    subtype = MAIN_SUBTYPES.get(pattern_type, pattern_type)
    with member.scope(reader) if reader else member.scope():
        is_asked = Q(subtype=subtype) | Q(type=subtype)
        return list(Pattern.objects.filter(is_asked, confidence__gt=0).order_by("title"))


def evidence_of(member: Member, pattern: Pattern) -> list[list[UUID]]:
    """The evidence of each occurrence, the earliest first."""
    with member.scope():
        rows = PatternOccurrence.objects.filter(pattern=pattern).order_by("occurred_at", "pk")
        return [row.memory_ids for row in rows]


def snapshot(member: Member) -> list[tuple[Any, ...]]:
    """Every field of every pattern and occurrence."""
    with member.scope():
        return [
            *Pattern.objects.order_by("pk").values_list(),
            *PatternOccurrence.objects.order_by("pk").values_list(),
        ]
