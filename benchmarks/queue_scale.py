"""A long queue and a long past: what a claim and every question about the queue cost as the tables grow.

Nothing works here: an installation's services and its web process alone. Claims and the dispatcher's look run as
their roles on the real table, claims rolled back; the questions are asked over HTTP. The bare thing is the same on
1,000 waiting rows and no past.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4

import psycopg
from psycopg import sql

from benchmarks.harness import ROOT, Figure
from benchmarks.installation import Running, run_web_alone

NAME = "queue"
WAITING = (1_000, 10_000, 100_000)
COMPLETED = 1_000_000
TIMES = 9
_TABLE = "memory_queue"
_STATEMENTS = ROOT / "supastate" / "queueing" / "sql"
_SQL = Path(__file__).parent / "sql"
_QUESTIONS = {
    "GET /api/ingest/status": "/api/ingest/status",
    "GET /api/health/ready": "/api/health/ready",
}
Timings = dict[str, float]


def measure() -> list[Figure]:
    """Milliseconds of each at 1,000, 10,000 and 100,000 waiting rows, then with a million completed beside."""
    found: dict[str, Timings] = {}
    with run_web_alone() as running:
        workspace = running.find_workspace()
        there = 0
        for waiting in WAITING:
            _add_rows(running, workspace, "pending", waiting - there)
            there = waiting
            found[f"{waiting:,} waiting"] = _time_all(running, workspace)
        _add_rows(running, workspace, "completed", COMPLETED)
        full = f"{WAITING[-1]:,} waiting, {COMPLETED:,} completed"
        found[full] = _time_all(running, workspace)
    return [
        Figure(NAME, f"{what}: {state}", milliseconds, "ms")
        for what in next(iter(found.values()))
        for state, timings in found.items()
        for milliseconds in (timings[what],)
    ] + [
        Figure(NAME, f"{what}: {full} / 1,000 waiting", found[full][what] / found["1,000 waiting"][what], "x")
        for what in found[full]
    ]


def _time_all(running: Running, workspace: str) -> Timings:
    """Medians in milliseconds."""
    with running.connect_as_app() as app, running.connect_as_dispatcher() as dispatcher:
        timings = {
            "claim of 256": _time(lambda: _claim(app, workspace)),
            "dispatcher's look": _time(lambda: _run(dispatcher, "due", {"most": 2_048})),
        }
    token = {"Authorization": f"Bearer {running.environment['METRICS_TOKEN']}"}
    timings["GET /api/metrics"] = _time(lambda: _ask(running, "/api/metrics", token))
    return timings | {name: _time(partial(_ask, running, path)) for name, path in _QUESTIONS.items()}


def _time(action: Callable[[], None]) -> float:
    seconds: list[float] = []
    action()
    for _ in range(TIMES):
        began = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - began)
    return median(seconds) * 1000


def _claim(connection: psycopg.Connection, workspace: str) -> None:
    parameters = {
        "workspace": workspace,
        "token": uuid4(),
        "lease_seconds": 60,
        "size": 256,
        "stage": "store_memory",
    }
    with connection.transaction(force_rollback=True):
        connection.execute((_SQL / "enter_workspace.sql").read_text(), {"workspace": workspace})
        claimed = _run(connection, "claim", {**parameters, "stage": "store_memory", "urgent": False})
        if len(claimed) != 256:
            raise RuntimeError(f"{len(claimed)} rows were claimed.")


def _run(connection: psycopg.Connection, name: str, parameters: dict[str, object]) -> Sequence[tuple[object, ...]]:
    text = sql.SQL((_STATEMENTS / f"{name}.sql").read_text()).format(table=sql.Identifier(_TABLE))
    return connection.execute(text, parameters).fetchall()


def _ask(running: Running, path: str, headers: dict[str, str] | None = None) -> None:
    response = running.api.get(path, headers=headers)
    response.raise_for_status()


def _add_rows(running: Running, workspace: str, status: str, count: int) -> None:
    with running.connect_as_owner() as connection:
        parameters = {"workspace": workspace, "status": status, "count": count}
        connection.execute((_SQL / "add_queue_rows.sql").read_text(), parameters)
        connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(_TABLE)))
