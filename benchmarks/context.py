"""A context over 2,000 memories and the code of `django/db`: `POST /api/context`, and a search of as much.

Each request names a question, the session of the memories (so that fifty turns are read) and two files. The plain
search asks for the same forty results in the same run, in turns: the ratio is the price of turns, code and budget.
"""

from __future__ import annotations

import time

from benchmarks.corpus import ingest_corpus, make_queries, send_code, wait_until_idle
from benchmarks.harness import Figure, list_latencies, list_ratios
from benchmarks.installation import Running

NAME = "context"
QUERIES = 100
FILES = ("django/db/models/query.py", "django/db/transaction.py")
SESSION = "corpus"


def measure(running: Running) -> list[Figure]:
    """Latencies of both, one request after the other, in turns."""
    ingest_corpus(running, session=SESSION)
    send_code(running)
    wait_until_idle(running.api)
    queries = make_queries(QUERIES)
    for query in queries[:10]:
        _assemble(running, query)
    pairs = [(_assemble(running, query), _search(running, query)) for query in queries]
    contexts, searches = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return [
        *list_latencies(NAME, "POST /api/context", contexts, aim_p95="< 150 ms"),
        *list_latencies(NAME, "GET /api/search, 40 results", searches),
        *list_ratios(NAME, "context / search", contexts, searches),
    ]


def _assemble(running: Running, query: str) -> float:
    body = {"query": query, "session": SESSION, "files": list(FILES)}
    began = time.perf_counter()
    response = running.api.post("/api/context", json=body)
    seconds = time.perf_counter() - began
    found = response.json()
    if response.status_code != 200 or "degraded" in found or "warnings" in found:
        raise RuntimeError(f"The context answered {response.status_code}: {response.text[:300]}")
    sections = {section["section"] for section in found["explain"]["sections"] if section["shown"]}
    if sections != {"code", "turns", "memories"} or found["tokens"] > found["tokenBudget"]:
        raise RuntimeError(f"The context is not whole: {sections}, {found['tokens']} tokens.")
    return seconds


def _search(running: Running, query: str) -> float:
    began = time.perf_counter()
    response = running.api.get("/api/search", params={"q": query, "limit": "40"})
    seconds = time.perf_counter() - began
    if response.status_code != 200 or len(response.json()["results"]) != 40:
        raise RuntimeError(f"Search answered {response.status_code}: {response.text[:300]}")
    return seconds
