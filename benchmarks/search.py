"""Searching 2,000 memories: `GET /api/search/memories`, and the bare SQL statements that answer it.

The query's embedding is timed by itself, in the same turns: what the ratio shows is the price of all the rest.
"""

from __future__ import annotations

import time

from fastembed import TextEmbedding

from benchmarks.bare_search import BareSearch
from benchmarks.corpus import ingest_corpus, make_queries, wait_until_idle
from benchmarks.harness import Figure, list_latencies, list_ratios
from benchmarks.installation import Running

NAME = "search"
QUERIES = 200
MODEL = "local/all-MiniLM-L6-v2"
_MODEL = "sentence-transformers/all-MiniLM-L6-v2"


def measure(running: Running) -> list[Figure]:
    """Latencies of both, one query after the other, in turns."""
    ingest_corpus(running)
    wait_until_idle(running.api)
    queries = make_queries(QUERIES)
    model = TextEmbedding(
        _MODEL, specific_model_path=running.environment["EMBEDDING_MODEL_DIR"], threads=1, local_files_only=True
    )
    vectors = [str(vector.tolist()) for vector in model.embed(queries, batch_size=4)]
    for query in queries[:10]:
        _search(running, query)
    with running.connect_as_app() as connection:
        statement = BareSearch(connection, workspace=running.find_workspace(), model=MODEL, dimensions=384)
        pairs = [
            (_search(running, query), statement.search(query, vector)[0])
            for query, vector in zip(queries, vectors, strict=True)
        ]
    ours, bare = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return [
        *list_latencies(NAME, "GET /api/search/memories", ours),
        *list_latencies(NAME, "bare SQL statement", bare),
        *list_ratios(NAME, "GET / bare SQL", ours, bare),
    ]


def _search(running: Running, query: str) -> float:
    began = time.perf_counter()
    response = running.api.get("/api/search/memories", params={"q": query, "limit": "20"})
    seconds = time.perf_counter() - began
    body = response.json()
    if response.status_code != 200 or len(body["results"]) != 20 or body.get("degraded"):
        raise RuntimeError(f"Search answered {response.status_code}: {response.text[:300]}")
    return seconds
