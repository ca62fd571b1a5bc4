"""Accepting: `POST /api/ingest/memory` of 10 chunks at 20 a second for 30 s while the workers are busy.

The bare thing is an INSERT of the same ten rows in its own transaction, at the same rate in the same 30 s,
into a table with the queue's indexes.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from benchmarks.corpus import make_chunks, make_texts, send_chunks
from benchmarks.harness import Figure, list_latencies, list_ratios, run_paced
from benchmarks.installation import Running

NAME = "accept"
RATE = 20
SECONDS = 30
CHUNKS = 10
BACKLOG = 2_000
_SQL = Path(__file__).parent / "sql"
_INSERT = (_SQL / "insert_bare_rows.sql").read_text()


def measure(running: Running) -> list[Figure]:
    """Latencies of both, and how much was waiting for the workers all the while."""
    requests = _make_requests()
    send_chunks(running, make_chunks(make_texts(BACKLOG, seed=11), prefix="backlog"), session="backlog")
    _warm_up(running)
    with running.connect_as_owner() as connection, ThreadPoolExecutor(1) as beside:
        connection.execute((_SQL / "create_bare_queue.sql").read_text())
        inserting = beside.submit(
            run_paced, _Inserter(connection, requests), rate=RATE, seconds=SECONDS, workers=1
        )
        accepting = run_paced(
            lambda number: _send(running, requests[number], number), rate=RATE, seconds=SECONDS, workers=32
        )
        bare = inserting.result()
    left = _count_waiting(running)
    return [
        *list_latencies(NAME, f"POST of {CHUNKS} chunks", accepting, aim_p95="< 100"),
        *list_latencies(NAME, f"bare INSERT of {CHUNKS} rows", bare),
        *list_ratios(NAME, "POST / bare INSERT", accepting, bare),
        Figure(NAME, "rows waiting for workers at the end", left, "rows", "> 0"),
    ]


def _make_requests() -> list[list[dict[str, Any]]]:
    count = RATE * SECONDS
    chunks = make_chunks(make_texts(count * CHUNKS, seed=13), prefix="accept")
    return [chunks[start : start + CHUNKS] for start in range(0, len(chunks), CHUNKS)]


def _warm_up(running: Running) -> None:
    """The first requests of a process load code and open connections."""
    for number, text in enumerate(make_texts(40, seed=17)):
        send_chunks(running, make_chunks([text], prefix=f"warm-{number}"), session="warm")


def _send(running: Running, chunks: list[dict[str, Any]], number: int) -> None:
    receipt = send_chunks(running, chunks, session=f"accept-{number % 50}")
    if receipt["new"] != CHUNKS:
        raise RuntimeError(f"Not every chunk was new: {receipt}")


def _count_waiting(running: Running) -> int:
    stages = running.api.get("/api/ingest/status").json()["stages"].values()
    return sum(stage["pending"] + stage["processing"] for stage in stages)


class _Inserter:
    """Inserts the rows of a request by one statement, which commits."""

    def __init__(self, connection: psycopg.Connection, requests: list[list[dict[str, Any]]]) -> None:
        self._connection = connection
        self._requests = requests
        self._workspace = uuid4()

    def __call__(self, number: int) -> None:
        chunks = self._requests[number]
        parameters = {
            "workspace": self._workspace,
            "author": self._workspace,
            "ids": [uuid4() for _ in chunks],
            "keys": [hashlib.sha256(chunk["chunkId"].encode()).hexdigest() for chunk in chunks],
            "payloads": [json.dumps(chunk) for chunk in chunks],
        }
        self._connection.execute(_INSERT, parameters)
