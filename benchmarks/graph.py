"""The code graph of Django's source tree: parse and resolve it, then write it to each store.

The bare thing is an UNWIND … MERGE of the same rows in the same batches, without labels, fence or the search for
what is gone: the least that is still safe to repeat.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from uuid import uuid4

import django

from benchmarks.bare_graph import BareFalkorDB, BareGraph, BareNeo4j
from benchmarks.harness import Figure
from graph.elements import Edge, Node, NodeLabel
from graph.facts import FileFacts
from graph.parsing import parse_source
from graph.resolver import resolve_project
from graph.store import rows
from graph.store.connecting import connect
from graph.store.model import FileGraph, Written
from graph.store.protocol import GraphStore
from supastate.local.falkordb import start_falkordb
from supastate.local.neo4j import start_neo4j
from supastate.local.service import RunningService, find_free_port

NAME = "graph"
PROJECT = "bench"
WARM_UP_FILES = 60


@dataclass(frozen=True)
class _Resolved:
    """A project's graph by file, and the same as rows."""

    files: list[FileGraph]
    node_rows: list[dict[str, object]]
    edge_rows: list[dict[str, object]]


def measure() -> list[Figure]:
    """Files a second to resolved edges, and to written edges in both stores."""
    sources = read_django()
    began = time.perf_counter()
    facts = {path: parse_source(path, text) for path, text in sources.items()}
    parsed = time.perf_counter() - began
    resolved = resolve_rows(facts)
    seconds = time.perf_counter() - began
    warm_up = resolve_rows(dict(list(facts.items())[:WARM_UP_FILES]))
    count = len(sources)
    figures = [
        Figure(NAME, "files of Django", count, "files"),
        Figure(NAME, "edges", len(resolved.edge_rows), "edges"),
        Figure(NAME, "parse", count / parsed, "files/s"),
        Figure(NAME, "parse → resolved", count / seconds, "files/s", "≥ 150"),
        Figure(NAME, "most memory of a process that does that alone, resident", _find_peak(), "MB"),
    ]
    with tempfile.TemporaryDirectory(prefix="supastate-bench-") as folder:
        for store, start in (("FalkorDB", start_bench_falkordb), ("Neo4j", start_bench_neo4j)):
            with_store, bare = _time_store(start, Path(folder), resolved, warm_up)
            figures += [
                Figure(NAME, f"parse → written in {store}", count / (seconds + with_store), "files/s"),
                Figure(NAME, f"edges written to {store}", len(resolved.edge_rows) / with_store, "edges/s"),
                Figure(NAME, f"write / bare UNWIND in {store}", with_store / bare, "x"),
            ]
    return figures


def _find_peak() -> float:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(resolve_alone).result()


def resolve_alone() -> float:
    """Parse and resolve; return the megabytes that this process held at most."""
    resolve_project(PROJECT, {path: parse_source(path, text) for path, text in read_django().items()})
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read_django() -> dict[str, str]:
    root = Path(django.__file__).parent
    found = sorted(path for path in root.rglob("*.py") if "__pycache__" not in path.parts)
    return {path.relative_to(root.parent).as_posix(): path.read_text(errors="replace") for path in found}


def resolve_rows(facts: dict[str, FileFacts]) -> _Resolved:
    resolved = resolve_project(PROJECT, facts)
    nodes: dict[str, list[Node]] = defaultdict(list)
    edges: dict[str, list[Edge]] = defaultdict(list)
    first = min(facts)
    for node in resolved.nodes:
        nodes[node.src_file or first].append(node)
    for edge in resolved.edges:
        edges[edge.src_file or first].append(edge)
    project = Node(NodeLabel.PROJECT, PROJECT)
    workspace = uuid4()
    return _Resolved(
        files=[FileGraph(path=path, nodes=nodes[path], edges=edges[path]) for path in facts],
        node_rows=[
            rows.node_row(node, workspace_id=workspace, project=PROJECT, epoch=1)
            for node in (project, *resolved.nodes)
        ],
        edge_rows=[rows.edge_row(edge, epoch=1) for edge in resolved.edges],
    )


def _time_store(
    start: Callable[[Path], tuple[RunningService, Callable[[str], BareGraph]]],
    folder: Path,
    resolved: _Resolved,
    warm_up: _Resolved,
) -> tuple[float, float]:
    """The seconds of our write and of the bare one (before and after it), the store being warm."""
    service, open_bare = start(folder)
    try:
        store, bare = connect(service.url), open_bare(service.url)
        _write(store, warm_up.files)
        bare.write(warm_up.node_rows, warm_up.edge_rows)
        before = _write_bare(bare, resolved)
        seconds = _write(store, resolved.files)
        after = _write_bare(bare, resolved)
        store.close()
        bare.close()
        return seconds, (before + after) / 2
    finally:
        service.stop()


def _write_bare(bare: BareGraph, resolved: _Resolved) -> float:
    bare.clear()
    return bare.write(resolved.node_rows, resolved.edge_rows)


def _write(store: GraphStore, files: Sequence[FileGraph]) -> float:
    began = time.perf_counter()
    outcome = store.write_files(uuid4(), project=PROJECT, epoch=1, files=files)
    seconds = time.perf_counter() - began
    if not isinstance(outcome, Written) or outcome.missing_ends:
        raise RuntimeError(f"The graph was not written whole: {outcome}")
    return seconds


def start_bench_falkordb(folder: Path) -> tuple[RunningService, Callable[[str], BareGraph]]:
    port, data = find_free_port(), folder / "falkordb"
    return start_falkordb(data_dir=data, port=port, log_path=folder / "falkordb.log"), BareFalkorDB


def start_bench_neo4j(folder: Path) -> tuple[RunningService, Callable[[str], BareGraph]]:
    port, data = find_free_port(), folder / "neo4j"
    log = folder / "neo4j.log"
    return start_neo4j(data_dir=data, port=port, log_path=log, password="benchmarks"), BareNeo4j  # noqa: S106
