"""Edits of a large project: how soon after the 202 a new call is found in the graph, and how soon all is settled.

The project is Django's source tree, 885 files, at rest; one file after the other gets a function that calls one of
another file.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Any

import django

from benchmarks.corpus import wait_until_idle
from benchmarks.harness import Figure
from benchmarks.installation import Running

NAME = "edits"
PROJECT = {"path": "/home/dev/django"}
REQUEST_FILES = 100
EDITED = (
    "django/utils/html.py",
    "django/db/models/query.py",
    "django/contrib/admin/options.py",
    "django/shortcuts.py",
)
_PATIENCE_SECONDS = 600
_POLL_SECONDS = 0.02


def measure(running: Running) -> list[Figure]:
    """Seconds from the 202 until a new call is found, and until the queues are empty; and of the first import."""
    sources = _read_django()
    paths = sorted(sources)
    began = time.perf_counter()
    for start in range(0, len(paths), REQUEST_FILES):
        _send(running, {path: sources[path] for path in paths[start : start + REQUEST_FILES]})
    uid = _find_uid(running, name="slugify", path="django/utils/text.py")
    _wait_for_graph(running)
    imported = time.perf_counter() - began
    wait_until_idle(running)
    live, settled = [], []
    for number, path in enumerate(EDITED):
        callee = f"def edited_{number}():\n    return slugify('{number}')\n"
        _send(running, {path: f"{sources[path]}\nfrom django.utils.text import slugify\n\n\n{callee}"})
        accepted = time.perf_counter()
        _wait_for_caller(running, uid, f"edited_{number}")
        live.append(time.perf_counter() - accepted)
        _wait_for_graph(running)
        settled.append(time.perf_counter() - accepted)
        wait_until_idle(running)
    return [
        Figure(NAME, "Django accepted → graph whole", len(sources) / imported, "files/s"),
        Figure(NAME, "one edited file: 202 until its call is found, median", median(live), "s", "< 1"),
        Figure(NAME, "the slowest of four", max(live), "s"),
        Figure(NAME, "202 until the whole project is settled, median", median(settled), "s"),
    ]


def _read_django() -> dict[str, str]:
    root = Path(django.__file__).parent
    found = sorted(path for path in root.rglob("*.py") if "__pycache__" not in path.parts)
    return {path.relative_to(root.parent).as_posix(): path.read_text(errors="replace") for path in found}


def _send(running: Running, files: dict[str, str]) -> None:
    body = {"project": PROJECT, "files": [{"path": path, "content": text} for path, text in files.items()]}
    answer = running.api.post("/api/ingest/code", json=body)
    if answer.status_code != 202:
        raise RuntimeError(f"POST /api/ingest/code answered {answer.status_code}: {answer.text[:300]}")


def _find_uid(running: Running, *, name: str, path: str) -> str:
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


def _wait_for_graph(running: Running) -> None:
    """Return once no file waits to be stored or brought into the graph; embedding may go on."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        stages = _get(running, "/api/ingest/status")["stages"]
        if not sum(stages[name]["pending"] + stages[name]["processing"] for name in ("store_code", "graph_files")):
            return
        time.sleep(_POLL_SECONDS)
    raise RuntimeError("The graph was not settled.")


def _get(running: Running, address: str) -> dict[str, Any]:
    answer = running.api.get(address)
    answer.raise_for_status()
    body: dict[str, Any] = answer.json()
    return body
