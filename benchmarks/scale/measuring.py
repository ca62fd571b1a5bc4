"""Loads an installation with so many chunks, in one workspace or a hundred, and asks it.

Nothing works on the rows but what the benchmark starts: the questions, and new rows beside them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from benchmarks.harness import ROOT, Figure, find_percentile, list_latencies
from benchmarks.installation import Running, run_web_alone
from benchmarks.scale.loading import Source, Tenant, load_rows, make_tenants
from benchmarks.scale.texts import read_texts
from processing.embedding.local import LocalProvider

NAME = "scale"
TEXTS, QUERIES = 2_000, 200
WORKSPACES = (1, 100)
INGESTED_A_SECOND = 20
_SQL = Path(__file__).parent / "sql"
_AIMS = {100_000: "< 50", 1_000_000: "< 150"}


def measure(rows: int, workspaces: Sequence[int] = WORKSPACES) -> Iterator[Figure]:
    """Yield figures of each number of workspaces, every one in an installation of its own."""
    for count in workspaces:
        yield from _measure_one(rows, count)


def _measure_one(rows: int, workspaces: int) -> list[Figure]:
    label = f"{rows:,} chunks, {workspaces} workspaces"
    texts = read_texts(TEXTS + QUERIES)
    with run_web_alone() as running, running.connect_as_owner() as connection:
        provider = LocalProvider(model_dir=Path(running.environment["EMBEDDING_MODEL_DIR"]))
        source = Source(texts[:TEXTS], provider.embed(texts[:TEXTS]), provider.model)
        connection.execute((_SQL / "before_loading.sql").read_bytes())
        connection.execute((_SQL / "drop_vector_indexes.sql").read_bytes())
        tenants = make_tenants(connection, workspaces)
        sizes = load_rows(connection, tenants, source, rows=rows)
        connection.execute((_SQL / "after_loading.sql").read_bytes())
        seconds = _build_index(running)
        connection.execute((_SQL / "settle.sql").read_bytes())
        figures = [Figure(NAME, f"{label}: building the index", seconds, "s"), *_list_sizes(connection, label)]
        queries = [text[:80] for text in texts[TEXTS:]]
        asked = _choose_tenants(tenants, sizes)
        figures += _ask(running, asked, queries, label=label, aim=_AIMS.get(rows, ""))
        with _ingest_beside(running, tenants, source):
            return figures + _ask(running, asked, queries, label=f"{label}, ingest", aim=_AIMS.get(rows, ""))


def _build_index(running: Running) -> float:
    """Build them of all rows, as a filled model gets them; those that grow row by row are gone."""
    began = time.perf_counter()
    command = [sys.executable, "manage.py", "embedding_model", "index"]
    subprocess.run(command, cwd=ROOT, env=dict(running.environment), check=True, capture_output=True)
    return time.perf_counter() - began


def _list_sizes(connection: psycopg.Connection, label: str) -> list[Figure]:
    rows = connection.execute((_SQL / "measure_sizes.sql").read_bytes()).fetchall()
    return [Figure(NAME, f"{label}: {name}", size / 2**20, "MB") for name, size in rows]


def _choose_tenants(tenants: Sequence[Tenant], sizes: NDArray[np.int64]) -> dict[str, dict[str, Any]]:
    """The largest, a middle and the smallest workspace; the largest also by its rarest and its second project."""
    order = np.argsort(-sizes)
    places = dict(
        zip(("largest", "middle", "smallest"), (order[0], order[len(order) // 5], order[-1]), strict=True)
    )
    asked = {f"{name} ({sizes[place]:,})": _describe(tenants[place]) for name, place in places.items()}
    if len(tenants) == 1:
        asked = dict(list(asked.items())[:1])
    largest = tenants[order[0]]
    asked["largest, rarest project"] = _describe(largest, projects=[str(largest.projects[-1])])
    asked["largest, second project"] = _describe(largest, projects=[str(largest.projects[1])])
    return asked


def _describe(tenant: Tenant, *, projects: Sequence[str] = ()) -> dict[str, Any]:
    return {"workspace": str(tenant.workspace), "author": str(tenant.author), "projects": list(projects)}


def _ask(
    running: Running, asked: Mapping[str, Any], queries: Sequence[str], *, label: str, aim: str
) -> list[Figure]:
    told = json.dumps({"tenants": asked, "queries": list(queries)})
    found: dict[str, dict[str, Any]] = running.run_python("-m", "benchmarks.scale.asking", text=told)
    return [
        figure
        for name, measured in found.items()
        for figure in _list_figures(f"{label}: {name}, {measured['way']}", measured, aim)
    ]


def _list_figures(name: str, measured: Mapping[str, Any], aim: str) -> list[Figure]:
    beside = [ours - embedding for ours, embedding in zip(measured["ours"], measured["embedding"], strict=True)]
    return [
        *list_latencies(NAME, f"{name}, search()", measured["ours"], aim_p95=aim),
        *list_latencies(NAME, f"{name}, bare statements", measured["bare"]),
        Figure(
            NAME,
            f"{name}, search() without its embedding / bare p50",
            find_percentile(beside, 50) / find_percentile(measured["bare"], 50),
            "x",
            "<= 1.5",
        ),
        *(
            Figure(NAME, f"{name}, recall at {most}", share, "", ">= 0.95")
            for most, share in zip((10, 20, 50), measured["recall"], strict=True)
        ),
    ]


@contextmanager
def _ingest_beside(running: Running, tenants: Sequence[Tenant], source: Source) -> Iterator[None]:
    """New memories with their vectors, `INGESTED_A_SECOND` of them, on a connection of their own."""
    stop = threading.Event()
    worker = threading.Thread(target=_ingest, args=(running, tenants, source, stop))
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def _ingest(running: Running, tenants: Sequence[Tenant], source: Source, stop: threading.Event) -> None:
    number = 10_000_000  # past every text that was loaded, so that each is new
    with running.connect_as_owner() as connection:
        while not stop.wait(1):
            load_rows(connection, tenants, source, rows=INGESTED_A_SECOND, first=number)
            number += INGESTED_A_SECOND
