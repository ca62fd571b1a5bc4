"""Rows straight into the tables, as their owner: memories with their texts, and a vector for each.

A chunk is a memory of one chunk. Rows of all workspaces come mixed, as they would in life, and the sizes of
workspaces fall as Zipf's law has it: the second is half the first, the tenth a tenth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks.scale.vectors import Floats, Mixture, mix_vectors

SLICE = 20_000
PROJECTS = 8  # of each workspace; each a quarter of the one before
_SQL = Path(__file__).parent / "sql"
_FIRST = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MEMORY = (
    *("uuid", "uuid", "uuid", "uuid", "varchar", "varchar", "text", "jsonb", "varchar[]", "timestamptz"),
    *("timestamptz", "timestamptz", "int2", "varchar", "varchar"),
)
_HEADER, _TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tenant:
    """A workspace of the benchmark, its projects from the largest to the smallest."""

    workspace: UUID
    author: UUID
    projects: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The real texts, their vectors (of length 1) and the model's name."""

    texts: Sequence[str]
    vectors: Floats
    model: str


def make_tenants(connection: psycopg.Connection, count: int) -> list[Tenant]:
    """Workspaces `scale-0` … with their projects, all of one author."""
    tenants = [Tenant(uuid4(), uuid4(), tuple(uuid4() for _ in range(PROJECTS))) for _ in range(count)]
    for number, tenant in enumerate(tenants):
        parameters = {
            "workspace": tenant.workspace,
            "author": tenant.author,
            "slug": f"scale-{tenant.workspace.hex[:8]}-{number}",
            "projects": list(tenant.projects),
        }
        connection.execute((_SQL / "add_tenant.sql").read_text(), parameters)
    return tenants


def load_rows(
    connection: psycopg.Connection, tenants: Sequence[Tenant], source: Source, *, rows: int, first: int = 0
) -> Numbers:
    """Write so many memories and vectors, numbered from `first` on; returns how many each tenant got."""
    chance = np.random.default_rng(11 + first)
    sizes = np.zeros(len(tenants), dtype=np.int64)
    for begin in range(first, first + rows, SLICE):
        count = min(SLICE, first + rows - begin)
        owners = _choose(chance, len(tenants), count, fall=1)
        mixture = mix_vectors(source.vectors, count, chance)
        texts = _write_texts(source.texts, mixture, begin)
        hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        with connection.transaction():
            _copy_memories(connection, texts, [tenants[owner] for owner in owners], chance, begin)
            _copy_vectors(connection, mixture.vectors, hashes, [tenants[owner] for owner in owners], source.model)
        sizes += np.bincount(owners, minlength=len(tenants))
    return sizes


def _choose(chance: np.random.Generator, kinds: int, count: int, *, fall: int) -> Numbers:
    weights = 1 / np.arange(1, kinds + 1) ** fall
    return chance.choice(kinds, size=count, p=weights / weights.sum())


def _write_texts(texts: Sequence[str], mixture: Mixture, begin: int) -> list[str]:
    """Each different, about as long as a paragraph, of the words of the two texts that its vector is made of."""
    pairs = zip(mixture.first, mixture.second, strict=True)
    return [
        f"Note {begin + place}. {texts[first][:200]} {texts[second][:100]}"
        for place, (first, second) in enumerate(pairs)
    ]


def _copy_memories(
    connection: psycopg.Connection,
    texts: Sequence[str],
    owners: Sequence[Tenant],
    chance: np.random.Generator,
    begin: int,
) -> None:
    projects = _choose(chance, PROJECTS, len(texts), fall=2)
    statement = (_SQL / "copy_memories.sql").read_bytes()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(_MEMORY)
        for place, (text, owner, project) in enumerate(zip(texts, owners, projects, strict=True)):
            when = _FIRST + timedelta(seconds=begin + place)
            role = "user" if place % 2 else "assistant"
            copy.write_row(
                (
                    *(uuid4(), owner.workspace, owner.projects[project], owner.author, "workspace", role, text),
                    *("{}", [], when, when, when, 0, "", "embedded"),
                )
            )


def _copy_vectors(
    connection: psycopg.Connection, vectors: Floats, hashes: Sequence[str], owners: Sequence[Tenant], model: str
) -> None:
    """Postgres's binary form of all rows at once: every field of this table has a fixed length."""
    fields = {
        "id": [uuid4().bytes for _ in hashes],
        "workspace": [owner.workspace.bytes for owner in owners],
        "kind": b"memory",
        "model": model.encode(),
        "hash": [text.encode() for text in hashes],
        "chunk": 0,
        "start": 0,
        "end": 300,
        "vector": _to_halfvec(vectors),
        "created": int((_FIRST - _EPOCH).total_seconds()) * 1_000_000,
    }
    types = {
        "id": "V16",
        "workspace": "V16",
        "kind": "S6",
        "model": f"S{len(model)}",
        "hash": "S64",
        "chunk": ">i4",
        "start": ">i4",
        "end": ">i4",
        "vector": f"V{4 + 2 * vectors.shape[1]}",
        "created": ">i8",
    }
    rows = np.empty(len(hashes), dtype=_row_type(types))
    rows["fields"] = len(types)
    for name, values in fields.items():
        rows[f"{name} length"] = np.dtype(types[name]).itemsize
        rows[name] = np.array(values, dtype=types[name])
    with connection.cursor() as cursor, cursor.copy((_SQL / "copy_vectors.sql").read_bytes()) as copy:
        copy.write(_HEADER + rows.tobytes() + _TRAILER)


def _row_type(types: dict[str, str]) -> np.dtype[np.void]:
    fields = [("fields", ">i2")]
    for name, kind in types.items():
        fields += [(f"{name} length", ">i4"), (name, kind)]
    return np.dtype(fields)


def _to_halfvec(vectors: Floats) -> list[bytes]:
    """Two numbers of 16 bits, the dimensions and nothing, then each as 16 bits."""
    head = np.array([vectors.shape[1], 0], dtype=">i2").tobytes()
    return [head + row.tobytes() for row in vectors.astype(">f2")]
