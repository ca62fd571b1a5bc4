"""Suggestions while names are typed: `GET /api/search/suggest` over the names of `django/db`, letter by letter."""

from __future__ import annotations

import time

from benchmarks.corpus import ingest_corpus, send_code, wait_until_idle
from benchmarks.harness import Figure, list_latencies
from benchmarks.installation import Running

NAME = "suggestions"
TYPED = (
    "queryset",
    "get_prep_value",
    "Model.save",
    "transaction",
    "as_sql",
    "related",
    "compiler",
    "django/db/models/f",
)


def measure(running: Running) -> list[Figure]:
    """Latencies of one answer for each letter typed, one after the other."""
    ingest_corpus(running)
    send_code(running)
    wait_until_idle(running.api)
    beginnings = [name[:length] for name in TYPED for length in range(1, len(name) + 1)]
    for beginning in beginnings[:10]:
        _ask(running, beginning)
    latencies = [_ask(running, beginning) for _ in range(5) for beginning in beginnings]
    return list_latencies(NAME, "GET /api/search/suggest", latencies, aim_p95="< 30 ms")


def _ask(running: Running, typed: str) -> float:
    began = time.perf_counter()
    response = running.api.get("/api/search/suggest", params={"q": typed})
    seconds = time.perf_counter() - began
    if response.status_code != 200 or not response.json()["suggestions"]:
        raise RuntimeError(f"Suggestions of {typed!r} answered {response.status_code}: {response.text[:300]}")
    return seconds
