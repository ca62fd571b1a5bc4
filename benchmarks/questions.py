"""Every question of `/api/graph` on Django's graph in both stores, asked of many entities.

Entities are chosen by a seed; the most called ones are among them, since they cost most.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID, uuid4

from benchmarks.graph import PROJECT, read_django, resolve_rows, start_bench_falkordb, start_bench_neo4j
from benchmarks.harness import Figure, find_percentile
from graph.cycles import find_cycles
from graph.elements import EdgeType, NodeLabel
from graph.parsing import parse_source
from graph.paths import find_path
from graph.store import GraphStore, connect
from graph.store.model import CODE_LABELS, GraphEntity

NAME = "questions"
ASKED = 40
HOTTEST = 10
SEED = 7
AIM = "< 500 ms"

Ask = Callable[[GraphEntity], object]


def measure() -> list[Figure]:
    """Milliseconds at the 95th percentile, by question and store."""
    facts = {path: parse_source(path, text) for path, text in read_django().items()}
    files = resolve_rows(facts).files
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="supastate-bench-") as folder:
        for name, start in (("FalkorDB", start_bench_falkordb), ("Neo4j", start_bench_neo4j)):
            service, _ = start(Path(folder))
            try:
                store, workspace_id = connect(service.url), uuid4()
                store.write_files(workspace_id, project=PROJECT, epoch=1, files=files)
                figures += _time_questions(store, workspace_id, name)
                store.close()
            finally:
                service.stop()
    return figures


def _time_questions(store: GraphStore, workspace_id: UUID, name: str) -> list[Figure]:
    entities = _choose_entities(store, workspace_id)
    asks = {**_about_entities(store, workspace_id, entities), **_about_project(store, workspace_id)}
    figures = []
    for question, ask in asks.items():
        ask(entities[0])
        times = [_time(ask, entity) for entity in entities]
        figures.append(Figure(NAME, f"{question} in {name}, p95", find_percentile(times, 95) * 1_000, "ms", AIM))
    return figures


def _about_entities(store: GraphStore, workspace_id: UUID, entities: Sequence[GraphEntity]) -> dict[str, Ask]:
    far = entities[0].uid
    types = [EdgeType.CALLS]
    return {
        "entity by name": lambda entity: store.find_entities(
            workspace_id, projects=[PROJECT], query=entity.text("name"), limit=50
        ),
        "callers to depth 5": lambda entity: store.callers(workspace_id, entity.uid, depth=5),
        "callees to depth 5": lambda entity: store.callees(workspace_id, entity.uid, depth=5),
        "impact": lambda entity: store.impact(workspace_id, entity.uid),
        "inheritance": lambda entity: store.questions.lineage(workspace_id, entity, depth=10, limit=100),
        "imports": lambda entity: store.imports(workspace_id, entity.uid),
        "position": lambda entity: store.questions.find_position(
            workspace_id, projects=[PROJECT], path=entity.text("path"), line=int(entity.text("startLine") or 1)
        ),
        "shortest path": lambda entity: find_path(store, workspace_id, source=entity.uid, target=far, types=types),
    }


def _about_project(store: GraphStore, workspace_id: UUID) -> dict[str, Ask]:
    questions, projects = store.questions, [PROJECT]

    def rank(_entity: GraphEntity) -> object:
        return questions.rank(
            workspace_id, projects=projects, type=EdgeType.CALLS, incoming=True, labels=CODE_LABELS, limit=100
        )

    def find_circles(_entity: GraphEntity) -> object:
        return find_cycles(
            questions.list_pairs(workspace_id, projects=projects, type=EdgeType.IMPORTS, limit=200_000)
        )

    return {
        "hotspots": rank,
        "import cycles": find_circles,
        "unreferenced": lambda _: questions.find_unreferenced(workspace_id, projects=projects, limit=100),
        "languages and counts": lambda _: (
            questions.languages(workspace_id, projects=projects),
            store.counts(workspace_id, project=PROJECT),
        ),
    }


def _choose_entities(store: GraphStore, workspace_id: UUID) -> list[GraphEntity]:
    """Return definitions: the most called, and others chosen by the seed."""
    hottest = store.questions.rank(
        workspace_id,
        projects=[PROJECT],
        type=EdgeType.CALLS,
        incoming=True,
        labels=[NodeLabel.CLASS, NodeLabel.FUNCTION],
        limit=1_000,
    )
    others = random.Random(SEED).sample([item.entity for item in hottest[HOTTEST:]], ASKED - HOTTEST)
    return [*(item.entity for item in hottest[:HOTTEST]), *others]


def _time(ask: Ask, entity: GraphEntity) -> float:
    began = time.perf_counter()
    ask(entity)
    return time.perf_counter() - began
