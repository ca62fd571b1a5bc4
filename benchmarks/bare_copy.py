"""The bare loop beside the pipeline: the rows that a memory becomes, in their last state, by COPY.

Each batch is one transaction of five binary COPYs on one connection; the rows are made before the clock starts.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import psycopg
from pgvector import HalfVector
from pgvector.psycopg import register_vector

from benchmarks.null_provider import make_vector

BATCH = 256
_SQL = Path(__file__).parent / "sql"
_QUEUE = ("uuid", "uuid", "uuid", "varchar", "int2", "int2", "timestamptz")
_TYPES = {
    "memory_queue": (*_QUEUE, "varchar", "varchar", "varchar", "varchar", "uuid", "varchar", "int4", "jsonb"),
    "memory": (
        *("uuid", "uuid", "uuid", "varchar", "varchar", "text", "jsonb", "varchar[]", "timestamptz"),
        *("timestamptz", "timestamptz", "uuid", "uuid", "int2", "varchar", "varchar"),
    ),
    "embed_queue": (*_QUEUE, "varchar", "uuid"),
    "link_queue": (*_QUEUE, "uuid"),
    "embedding": (
        *("uuid", "uuid", "varchar", "varchar", "varchar", "int4", "int4", "int4", "halfvec", "timestamptz"),
    ),
}
Rows = dict[str, tuple[Any, ...]]


def time_bare_copy(connection: psycopg.Connection, texts: Sequence[str]) -> float:
    """The seconds for all texts; the tables are made and dropped around it."""
    register_vector(connection)
    connection.execute((_SQL / "create_bare_tables.sql").read_text())
    try:
        batches = list(_cut(make_rows(texts)))
        began = time.perf_counter()
        for batch in batches:
            with connection.transaction():
                _copy(connection, batch)
        return time.perf_counter() - began
    finally:
        connection.execute((_SQL / "drop_bare_tables.sql").read_text())


def make_rows(texts: Sequence[str]) -> Iterator[Rows]:
    """Each text's row of every table, by the table's short name."""
    workspace, author, batch = uuid4(), uuid4(), uuid4()
    vector = HalfVector(np.frombuffer(make_vector(), dtype="<f4"))
    for text in texts:
        yield _make_rows(text, workspace=workspace, author=author, batch=batch, vector=vector)


def _make_rows(text: str, *, workspace: UUID, author: UUID, batch: UUID, vector: HalfVector) -> Rows:
    now = datetime.now(UTC)
    digest = hashlib.sha256(text.encode()).hexdigest()
    source, memory = uuid4(), uuid4()
    metadata = {"timestamp": now.isoformat(), "messageType": "user"}
    payload = json.dumps({"content": text, "metadata": metadata, "chunkId": digest[:12]})
    done = (workspace, batch, "completed", 0, 1, now)
    return {
        "memory_queue": (*(source, *done, digest, digest, "chunk", "bench", author, "workspace", 0, payload),),
        "memory": (
            *(memory, workspace, author, "workspace", "user", text, json.dumps(metadata), [], now, now, now),
            *(batch, source, 0, "", "embedded"),
        ),
        "embed_queue": (uuid4(), *done, "memory", memory),
        "link_queue": (uuid4(), *done, memory),
        "embedding": (uuid4(), workspace, "memory", "null", digest, 0, 0, len(text), vector, now),
    }


def _cut(rows: Iterator[Rows]) -> Iterator[list[Rows]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _copy(connection: psycopg.Connection, batch: Sequence[Rows]) -> None:
    for table, types in _TYPES.items():
        statement = (_SQL / f"copy_way_{table}.sql").read_bytes()
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(types)
            for rows in batch:
                copy.write_row(rows[table])
