"""Edits of a large project: how soon after the 202 a new call is found in the graph, and how soon all is settled.

The project is Django's source tree, 885 files; one file after the other gets a function that calls one of another
file, first at rest and then each at the heels of the one before. The provider of embeddings answers at once, so
that the import does not wait for a model: an edit's own texts are embedded beside its way, not on it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from statistics import median
from typing import Any

from benchmarks.corpus import wait_until_idle
from benchmarks.graph import read_django
from benchmarks.harness import Figure
from benchmarks.installation import Running, run_installation
from benchmarks.null_provider import name_provider, run_null_provider

NAME = "edits"
PROJECT = {"path": "/home/dev/django"}
REQUEST_FILES = 100
EDITED = (
    "django/utils/html.py",
    "django/db/models/query.py",
    "django/contrib/admin/options.py",
    "django/shortcuts.py",
)
ROUNDS = 3
_PATIENCE_SECONDS = 600
_LONG_PATIENCE_SECONDS = 3_600
_POLL_SECONDS = 0.02
_SETTLE_POLL_SECONDS = 0.1


def measure() -> list[Figure]:
    """Seconds from the 202 until a new call is found, and until the queues are empty; and of the first import."""
    with run_null_provider() as url, run_installation(name_provider(url)) as running:
        return _measure(running)


def _measure(running: Running) -> list[Figure]:
    sources = read_django()
    began = time.perf_counter()
    send_files(running, sources)
    wait_for_graph(running)
    imported = time.perf_counter() - began
    wait_until_idle(running.api)
    uid = find_uid(running, name="slugify", path="django/utils/text.py")
    edits = [path for _ in range(ROUNDS) for path in EDITED]
    times = [_edit(running, path, sources[path], number, uid) for number, path in enumerate(edits)]
    live, settled = zip(*times, strict=True)
    numbers = range(len(edits), 2 * len(edits))
    following = [
        edit_live(running, path, sources[path], number, uid) for number, path in zip(numbers, edits, strict=True)
    ]
    return [
        Figure(NAME, "Django accepted → graph whole", len(sources) / imported, "files/s"),
        Figure(NAME, "one edited file: 202 until its call is found, median", median(live), "s", "< 1"),
        Figure(NAME, f"the slowest of {len(live)}", max(live), "s"),
        Figure(NAME, "202 until the whole project is settled, median", median(settled), "s"),
        Figure(NAME, "an edit as soon as the one before is found, median", median(following), "s", "< 1"),
        Figure(NAME, f"the slowest of {len(following)}", max(following), "s"),
    ]


def _edit(running: Running, path: str, text: str, number: int, uid: str) -> tuple[float, float]:
    began = time.perf_counter()
    live = edit_live(running, path, text, number, uid)
    wait_for_graph(running)
    settled = time.perf_counter() - began
    wait_until_idle(running.api)
    return live, settled


def edit_live(running: Running, path: str, text: str, number: int, uid: str) -> float:
    """Let a file of Django call `slugify`, whose uid this is; return seconds from the 202 until that is found."""
    name = f"edited_{number}"
    called = f"def {name}():\n    return slugify('{number}')\n"
    package = path.partition("/")[0]
    _send(running, {path: f"{text}\nfrom {package}.utils.text import slugify\n\n\n{called}"})
    accepted = time.perf_counter()
    _wait_for_caller(running, uid, name)
    return time.perf_counter() - accepted


def send_files(running: Running, sources: Mapping[str, str]) -> None:
    """Send a project, a hundred files a request."""
    paths = sorted(sources)
    for start in range(0, len(paths), REQUEST_FILES):
        _send(running, {path: sources[path] for path in paths[start : start + REQUEST_FILES]})


def _send(running: Running, files: Mapping[str, str]) -> None:
    body = {"project": PROJECT, "files": [{"path": path, "content": text} for path, text in files.items()]}
    answer = running.api.post("/api/ingest/code", json=body)
    if answer.status_code != 202:
        raise RuntimeError(f"POST /api/ingest/code answered {answer.status_code}: {answer.text[:300]}")


def find_uid(running: Running, *, name: str, path: str) -> str:
    """Return the uid of a function as soon as it is there."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = _get(running, f"/api/graph/entities?q={name}&kind=function&path={path}")["results"]
        if found:
            return str(found[0]["uid"])
        time.sleep(_POLL_SECONDS)
    raise RuntimeError(f"{name} was not found in the graph.")


def _wait_for_caller(running: Running, uid: str, name: str) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        callers = _get(running, f"/api/graph/entities/{uid}/callers?limit=500")["items"]
        if any(item["entity"]["name"] == name for item in callers):
            return
        time.sleep(_POLL_SECONDS)
    raise RuntimeError(f"The call of {name} was not found.")


def wait_for_graph(running: Running) -> None:
    """Return once no file waits to be stored or brought into the graph; embedding may go on."""
    wait_for_stages(running, "store_code", "graph_files")


def wait_for_stages(running: Running, *names: str) -> None:
    """Return once these stages have nothing to do; raise RuntimeError if that takes an hour."""
    deadline = time.monotonic() + _LONG_PATIENCE_SECONDS
    while time.monotonic() < deadline:
        stages = _get(running, "/api/ingest/status")["stages"]
        if not sum(stages[name]["pending"] + stages[name]["processing"] for name in names):
            return
        time.sleep(_SETTLE_POLL_SECONDS)
    raise RuntimeError(f"Not settled: {', '.join(names)}.")


def _get(running: Running, address: str) -> dict[str, Any]:
    answer = running.api.get(address)
    answer.raise_for_status()
    body: dict[str, Any] = answer.json()
    return body
