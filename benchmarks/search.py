"""Searching 2,000 memories: `GET /api/search/memories`, and the bare SQL statement that answers it.

The statement is the server's own, run as the application's role inside the workspace with the query's vector
given; what the ratio shows is the price of HTTP, keys, the query's embedding and snippets.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg
from fastembed import TextEmbedding

from benchmarks.corpus import ingest_corpus, make_texts, wait_until_idle
from benchmarks.harness import ROOT, Figure, list_latencies, list_ratios
from benchmarks.installation import Running
from supastate.search.model import Kind
from supastate.search.ranking import RANKING_OF_KIND

NAME = "search"
QUERIES = 200
_STATEMENTS = ROOT / "supastate" / "search" / "sql"
_SQL = Path(__file__).parent / "sql"
_NO_FILTERS = dict.fromkeys(
    [
        *("projects", "sessions", "authors", "roles", "paths", "more_paths", "languages", "kinds"),
        *("since", "until", "without", "newest_id", "after_score", "after_id"),
    ]
)
_BUILT = ("any_words", "words", "gathering", "exact", "phrase", "speaker")
_MODEL = "sentence-transformers/all-MiniLM-L6-v2"


def measure(running: Running) -> list[Figure]:
    """Latencies of both, one query after the other, in turns."""
    ingest_corpus(running)
    wait_until_idle(running)
    queries = [text.split(". ")[1][:80] for text in make_texts(QUERIES, seed=19)]
    model = TextEmbedding(
        _MODEL, specific_model_path=running.environment["EMBEDDING_MODEL_DIR"], threads=1, local_files_only=True
    )
    vectors = [str(vector.tolist()) for vector in model.embed(queries, batch_size=4)]
    for query in queries[:10]:
        _search(running, query)
    with running.connect_as_app() as connection:
        statement = _BareSearch(connection, running.find_workspace())
        pairs = [
            (_search(running, query), statement.search(query, vector))
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


class _BareSearch:
    def __init__(self, connection: psycopg.Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._enter = (_SQL / "enter_workspace.sql").read_text()
        self._build = (_STATEMENTS / "build_query.sql").read_text()
        visible = (_STATEMENTS / "visible_memories.sql").read_text()
        self._find = (_STATEMENTS / "hybrid.sql").read_text().replace("{visible}", visible)

    def search(self, query: str, vector: str) -> float:
        """The seconds that the statement itself takes."""
        with self._connection.transaction():
            self._connection.execute(self._enter, {"workspace": self._workspace})
            built = self._connection.execute(self._build, {"q": query}).fetchone() or ()
            parameters: dict[str, Any] = {
                **_NO_FILTERS,
                "subject_kind": "memory",
                "model": "local/all-MiniLM-L6-v2",
                "vector": vector,
                **dict(zip(_BUILT, built, strict=True)),
                **asdict(RANKING_OF_KIND[Kind.MEMORY]),
                "candidates": 200,
                "postings": 2_000,
                "size": 21,
            }
            began = time.perf_counter()
            found = self._connection.execute(self._find, parameters).fetchall()
            seconds = time.perf_counter() - began
        if len(found) != 21:
            raise RuntimeError(f"The statement found {len(found)} memories.")
        return seconds
