"""Fairness: 50,000 memories are queued in one workspace; how soon is a chunk of another found by meaning?

The bare thing is the same chunk's way on the same installation while it is idle.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import median

import httpx2

from benchmarks.corpus import make_chunks, make_texts, send_chunks, wait_until_idle
from benchmarks.harness import Figure
from benchmarks.installation import Running, run_installation
from benchmarks.pipeline import time_alone

NAME = "fairness"
BACKFILL = 50_000
REQUEST = 10_000
TIMES = 11


def measure() -> list[Figure]:
    """The seconds of both, and how much of the backfill was left at the end."""
    with run_installation() as running, _open_client(running) as api:
        other = replace(running, api=api)
        for number in range(2):
            time_alone(other, f"warmup{number}")
        idle = []
        for number in range(TIMES):
            wait_until_idle(api)
            idle.append(time_alone(other, f"idle{number}")[1])
        _queue_backfill(running)
        busy = [time_alone(other, f"busy{number}")[1] for number in range(TIMES)]
        own = [time_alone(running, f"own{number}")[1] for number in range(TIMES)]
        left = running.api.get("/api/ingest/status").json()["stages"]["embed"]["pending"]
    return [
        Figure(NAME, "another workspace idle: 202 until found by meaning", median(idle), "s"),
        Figure(NAME, f"beside a backfill of {BACKFILL:,}: the same, median", median(busy), "s"),
        Figure(NAME, "the same, longest", max(busy), "s"),
        Figure(NAME, "beside a backfill / idle", median(busy) / median(idle), "x", "≤ 2"),
        Figure(NAME, "in the backfill's own workspace / idle", median(own) / median(idle), "x"),
        Figure(NAME, "rows of the backfill to embed at the end", left, "rows", "> 0"),
    ]


def _queue_backfill(running: Running) -> None:
    texts = make_texts(BACKFILL, seed=29)
    for start in range(0, BACKFILL, REQUEST):
        part = make_chunks(texts[start : start + REQUEST], prefix=f"backfill-{start}")
        send_chunks(running, part, session=f"backfill-{start}")


def _open_client(running: Running) -> httpx2.Client:
    """A client with a key of a second workspace."""
    made = running.run_python("manage.py", "create_workspace", "other", "--json")
    headers = {"Authorization": f"Bearer {made['apiKey']}"}
    return httpx2.Client(base_url=running.api.base_url, headers=headers, timeout=60, trust_env=False)
