"""The client that logs what was acknowledged, and the questions that the database is asked afterwards."""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.faults.cluster import Cluster, is_reached, wait_until

_SQL = Path(__file__).parent / "sql"
_NOON = "2026-11-21T12:00:00Z"
_EVERY = 20
BESIDE = "beside"
"""The project that every session talks about and whose files change with every fault."""


@dataclass
class Client:
    """One session's chunks: sent until acknowledged, each id kept that a 202 named."""

    cluster: Cluster
    session: str
    acknowledged: set[str] = field(default_factory=set)
    answers: Counter[int | str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    _sent: int = 0

    def make_chunks(self, count: int, *, marker: str = "") -> list[dict[str, Any]]:
        """Chunks that no other call makes."""
        numbers = range(self._sent, self._sent + count)
        self._sent += count
        return [
            {
                "chunkId": f"{self.session}-{number}",
                "content": f"Note {number} of {self.session}: the queue holds what was acknowledged. {marker}",
                "metadata": {"timestamp": _NOON, "messageType": "user", "filePaths": _name_files(number)},
            }
            for number in numbers
        ]

    def make_body(self, chunks: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The request that carries the chunks."""
        return {"sessionId": self.session, "projectPath": f"/home/dev/{BESIDE}", "chunks": chunks}

    def send(self, count: int, *, per_request: int = 100) -> None:
        """Send so many new chunks, each request once; anything but a 202 fails the test."""
        with self.cluster.make_api() as api:
            for start in range(0, count, per_request):
                chunks = self.make_chunks(min(per_request, count - start))
                assert self.post(api, chunks) == 202, self.answers

    def send_until_acknowledged(self, api: httpx2.Client, chunks: Sequence[dict[str, Any]]) -> None:
        """Send the same request again until it is acknowledged, as a good client does."""
        wait_until(lambda: self.post(api, chunks) == 202, within=60, what=f"a 202 after {self.answers}")

    def post(self, api: httpx2.Client, chunks: Sequence[dict[str, Any]]) -> int | str:
        """Send one request; the status, or the name of what broke the connection."""
        began = time.perf_counter()
        try:
            response = api.post("/api/ingest/memory", json=self.make_body(chunks))
        except httpx2.TransportError as exc:
            self.answers[type(exc).__name__] += 1
            return type(exc).__name__
        self.seconds.append(time.perf_counter() - began)
        self.answers[response.status_code] += 1
        if response.status_code == 202:
            items = response.json()["items"]
            assert [item["status"] in {"new", "duplicate"} for item in items] == [True] * len(chunks)
            self.acknowledged |= {item["id"] for item in items}
        return response.status_code

    def send_paced(self, seconds: float, *, per_second: int) -> None:
        """Send one chunk a request, at a steady pace, whatever the answers are."""
        began = time.monotonic()
        with self.cluster.make_api() as api:
            for number in range(int(seconds * per_second)):
                due = began + number / per_second
                is_reached(lambda due=due: time.monotonic() >= due, within=max(due - time.monotonic(), 0))
                self.post(api, self.make_chunks(1))

    def percentile(self, percent: int) -> float:
        """Of the seconds that answers took."""
        ordered = sorted(self.seconds)
        return ordered[math.ceil(len(ordered) * percent / 100) - 1]


def _name_files(number: int) -> list[str]:
    """Some memories are about code, so that links are written during every fault."""
    return [] if number % _EVERY else [f"shop/part_{number // _EVERY % _EVERY}.py"]


def ask(cluster: Cluster, question: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """The rows that answer `sql/<question>.sql`."""
    with cluster.connect() as connection:
        return connection.execute((_SQL / f"{question}.sql").read_text().encode(), parameters).fetchall()


def count_unfinished(cluster: Cluster, *stages: str) -> int:
    """Rows with work before them; of every stage when none is named."""
    return sum(count for stage, count in ask(cluster, "unfinished") if not stages or stage in stages)


def wait_until_drained(cluster: Cluster, *, within: float = 180) -> float:
    """Return the seconds until no stage has work left."""
    try:
        return wait_until(lambda: not count_unfinished(cluster), within=within, what="the queues to drain")
    except AssertionError:
        pytest.fail(f"Not drained: {ask(cluster, 'unfinished')}\n{cluster.read_log('worker')}")


def find_fates(cluster: Cluster, client: Client) -> Counter[str]:
    """How the acknowledged rows and their embedding ended, by `status error`; proves the invariants on the way."""
    fates = {row[0]: row[1:] for row in ask(cluster, "fates", session=client.session)}
    assert fates.keys() == client.acknowledged, "rows that nobody was told of, or a 202 without its row"
    embedding = {row[0]: row[1:] for row in ask(cluster, "embed_fates", session=client.session)}
    ends = Counter(_name_end(*(embedding.get(row) or fate)) for row, fate in fates.items())
    assert all(status in {"completed", "dead"} for status, _, _ in (*fates.values(), *embedding.values()))
    _check_effects(cluster, client, embedding)
    return ends


def find_attempts(cluster: Cluster, client: Client) -> Counter[int]:
    """How many attempts the rows of both stages took."""
    rows = [*ask(cluster, "fates", session=client.session), *ask(cluster, "embed_fates", session=client.session)]
    return Counter(attempts for *_, attempts in rows)


def _name_end(status: str, error_code: str, _attempts: int) -> str:
    assert status != "dead" or error_code, "dead without a reason"
    return f"{status} {error_code}".strip()


def _check_effects(cluster: Cluster, client: Client, embedding: dict[str, tuple[Any, ...]]) -> None:
    for row, memories, vectors, chunks in ask(cluster, "effects", session=client.session):
        if row not in embedding:  # dead before it was stored
            assert memories == 0
            continue
        expected = 1 if embedding[row][0] == "completed" else 0
        assert (memories, vectors, chunks) == (1, expected, expected), row


def prove_everything(cluster: Cluster) -> None:
    """The ledger adds up, vectors are there once, and each project's graph is what a fresh resolve makes of it."""
    assert ask(cluster, "broken_batches") == []
    assert ask(cluster, "doubled_vectors") == []
    assert ask(cluster, "orphans") == []
    audit = json.loads(cluster.manage("audit", "--json"))
    assert [found for found in audit["findings"] if found["verdict"] != "ok"] == []
