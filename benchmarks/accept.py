"""Accepting: `POST /api/ingest/memory` of 10 chunks at 20 a second while the workers are busy; then the same with
Redis silent (SIGSTOP), and with Redis killed.

The bare thing is an INSERT of the same ten rows in its own transaction, at the same rate at the same time, into a
table with the queue's indexes.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import redis

from benchmarks.corpus import make_chunks, make_texts, send_chunks
from benchmarks.harness import Figure, find_percentile, list_latencies, list_ratios, run_paced
from benchmarks.installation import Running

NAME = "accept"
RATE = 20
SECONDS = 30
CHUNKS = 10
BACKLOG = 2_000
_SQL = Path(__file__).parent / "sql"
_INSERT = (_SQL / "insert_bare_rows.sql").read_text()

Latencies = tuple[list[float], list[float]]


def measure(running: Running) -> list[Figure]:
    """Latencies of both in each state of Redis, and how much was waiting for the workers at first."""
    send_chunks(running, make_chunks(make_texts(BACKLOG, seed=11), prefix="backlog"), session="backlog")
    _warm_up(running)
    broker = _find_broker(running)
    with running.connect_as_owner() as connection:
        connection.execute((_SQL / "create_bare_queue.sql").read_text())
        accepting, bare = _run_both(running, connection, seed=13)
        left = _count_waiting(running)
        os.kill(broker, signal.SIGSTOP)
        try:
            silent = _run_both(running, connection, seed=14)
        finally:
            os.kill(broker, signal.SIGCONT)
        os.kill(broker, signal.SIGKILL)
        killed = _run_both(running, connection, seed=15)
    return [
        *list_latencies(NAME, f"POST of {CHUNKS} chunks", accepting, aim_p95="< 100", aim_p99="< 100"),
        *list_latencies(NAME, f"bare INSERT of {CHUNKS} rows", bare),
        *list_ratios(NAME, "POST / bare INSERT", accepting, bare),
        *_describe("Redis silent", silent),
        *_describe("Redis killed", killed),
        Figure(NAME, "rows waiting for workers at the end", left, "rows", "> 0"),
    ]


def _run_both(running: Running, connection: psycopg.Connection, *, seed: int) -> Latencies:
    """The seconds of each request and of each bare INSERT, side by side."""
    requests = _make_requests(seed)
    with ThreadPoolExecutor(1) as beside:
        inserting = beside.submit(
            run_paced, _Inserter(connection, requests), rate=RATE, seconds=SECONDS, workers=1
        )
        accepting = run_paced(
            lambda number: _send(running, requests[number], number), rate=RATE, seconds=SECONDS, workers=32
        )
        return accepting, inserting.result()


def _describe(state: str, latencies: Latencies) -> list[Figure]:
    accepting, bare = (find_percentile(seconds, 99) * 1000 for seconds in latencies)
    return [
        Figure(NAME, f"{state}: POST p99", accepting, "ms", "< 100"),
        Figure(NAME, f"{state}: bare INSERT p99", bare, "ms"),
    ]


def _find_broker(running: Running) -> int:
    """The process id of the installation's Redis, which is its own."""
    with redis.Redis.from_url(running.environment["REDIS_URL"]) as client:
        return int(client.info("server")["process_id"])


def _make_requests(seed: int) -> list[list[dict[str, Any]]]:
    count = RATE * SECONDS
    chunks = make_chunks(make_texts(count * CHUNKS, seed=seed), prefix=f"accept-{seed}")
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
