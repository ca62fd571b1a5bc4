"""Conversations by the hundred thousand, straight into the tables, as the store and embed stages leave them.

A session is fifty memories of a developer's day, from a seeded generator: prompts, readings, edits, renames, runs.
Half of the prompts are of 500 topics (cosines of about 0.9 with each other), half are like no other.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from processing.embedding.provider import Chunk
from processing.embedding_models import active_model
from processing.models import EmbedQueue, LinkQueue, Memory, Session
from processing.saving_vectors import ChunkVector, save_vectors
from supastate.workspaces.models import Project, User, Workspace
from supastate.workspaces.scope import workspace_scope

SESSION_MEMORIES = 50
SESSIONS_AT_ONCE = 40
DIMENSIONS = 384
TOPICS = 500
FILES = 400
_FIRST = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)
_WORDS = ("invoice", "cart", "login", "worker", "queue", "report", "index", "cache", "parser", "ledger")


class Corpus:
    """A workspace that grows by sessions."""

    def __init__(self, workspace: Workspace, project: Project, author: User) -> None:
        self.workspace, self.project, self.author = workspace, project, author
        self.chance = random.Random(7)
        self.noise = np.random.default_rng(7)
        self.topics = self._draw(TOPICS)
        self.model = active_model().name
        self.size = 0
        self.began = int((datetime.now(UTC) - timedelta(days=2)).timestamp() * 1000)

    def grow(self, memories: int) -> None:
        """Add sessions of fifty until so many memories are there."""
        while self.size < memories:
            sessions = min(SESSIONS_AT_ONCE, (memories - self.size) // SESSION_MEMORIES)
            self._store([memory for _ in range(sessions) for memory in self._make_session()])

    def _store(self, memories: list[Memory]) -> None:
        with workspace_scope(self.workspace.id):
            Session.objects.bulk_create({memory.session.pk: memory.session for memory in memories}.values())
            Memory.objects.bulk_create(memories)
            prompts = [memory.pk for memory in memories if memory.role == "user"]
            hashes = dict(Memory.objects.filter(pk__in=prompts).values_list("pk", "content_hash"))
            save_vectors(
                [ChunkVector("memory", hashes[pk], Chunk(0, 0, 1), self._think()) for pk in prompts],
                model=self.model,
                workspace_id=self.workspace.id,
            )
            EmbedQueue.objects.all().delete()
            LinkQueue.objects.all().delete()

    def _make_session(self) -> Iterator[Memory]:
        number = self.size // SESSION_MEMORIES
        moment = _FIRST + timedelta(hours=number * 2)
        session = Session(
            workspace=self.workspace, key=f"s{number}", author=self.author, project=self.project, started_at=moment
        )
        for place, told in enumerate(self._tell()):
            yield self._build(session, moment + timedelta(minutes=2 * place), told)

    def _tell(self) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        while len(told) < SESSION_MEMORIES:
            word, file = (
                self.chance.choice(_WORDS),
                f"src/{self.chance.choice(_WORDS)}/{self.chance.randrange(FILES)}.py",
            )
            text = f"How does the {word} of {file} behave, and what of case {self.chance.randrange(10**6)}?"
            told.append({"role": "user", "content": text})
            told += self.chance.choice((self._read, self._mend, self._rename))(file)
            told.append({"role": "assistant", "content": f"The {word} is as it should be now."})
        return told[:SESSION_MEMORIES]

    def _read(self, file: str) -> list[dict[str, Any]]:
        return [
            told
            for _ in range(3)
            for told in self._use("Read", f"Read {file}", file, "read", result="1 import os")
        ]

    def _mend(self, file: str) -> list[dict[str, Any]]:
        command = f"pytest tests/{self.chance.choice(_WORDS)}"
        error = f"E   KeyError: '{self.chance.choice(_WORDS)}'"
        return [
            *self._use(
                "Bash", f"$ {command}", "", "", command=command, result=f"Exit code 1\n{error}", success=False
            ),
            *self._edit(file, "value = row['a']", "value = row.get('a')"),
            *self._use("Bash", f"$ {command}", "", "", command=command, result="9 passed"),
        ]

    def _rename(self, file: str) -> list[dict[str, Any]]:
        old, new = (f"{self.chance.choice(_WORDS)}_{self.chance.randrange(1_000)}" for _ in range(2))
        other = f"src/{self.chance.choice(_WORDS)}/{self.chance.randrange(FILES)}.py"
        return [
            *self._edit(file, f"def {old}(rows):", f"def {new}(rows):"),
            *self._edit(other, f"total = {old}(rows)", f"total = {new}(rows)"),
        ]

    def _edit(self, file: str, old: str, new: str) -> list[dict[str, Any]]:
        start = len(f"Edit {file}: ")
        middle = start + len(old)
        changes = [{"start": start, "middle": middle, "new": middle + 3, "end": middle + 3 + len(new)}]
        return self._use("Edit", f"Edit {file}: {old} → {new}", file, "edit", changes=changes, result="Updated.")

    def _use(
        self, name: str, text: str, file: str, action: str, *, result: str, success: bool = True, **facts: Any
    ) -> list[dict[str, Any]]:
        call_id = f"call-{self.chance.randrange(10**12)}"
        files = {"files": [{"path": file, "action": action}]} if file else {}
        called = {"callId": call_id, "name": name, **files, **facts}
        ended = {"callId": call_id, "success": success, "exitCode": 0 if success else 1}
        return [
            {"role": "tool", "kind": "tool_call", "content": text, "tool": called},
            {"role": "tool", "kind": "tool_result", "content": result, "tool": ended},
        ]

    def _build(self, session: Session, moment: datetime, told: dict[str, Any]) -> Memory:
        self.size += 1
        tool = told.get("tool")
        return Memory(
            id=self._name(),
            workspace=self.workspace,
            project=self.project,
            session=session,
            author=self.author,
            role=told["role"],
            content=told["content"],
            metadata={"kind": told.get("kind", "text")},
            tool=tool,
            file_paths=[file["path"] for file in (tool or {}).get("files", ())],
            occurred_at=moment,
            source_line=self.size,
        )

    def _name(self) -> UUID:
        """A UUIDv7 of two days ago, each greater than the one before: long settled for a checkpoint."""
        return UUID(int=(self.began << 80) | (7 << 76) | (self.size >> 12 << 64) | (2 << 62) | self.size)

    def _draw(self, count: int) -> Any:
        drawn = self.noise.standard_normal((count, DIMENSIONS)).astype(np.float32)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    def _think(self) -> Any:
        [fresh] = self._draw(1)
        if self.chance.random() < 0.5:
            fresh = self.topics[self.chance.randrange(TOPICS)] + 0.33 * fresh
        return (fresh / np.linalg.norm(fresh)).astype(np.float32)
