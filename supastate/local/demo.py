"""The main job over HTTP on real input: send source and a session, wait for the ledger, ask four questions.

The input is this repository's own source and the sample session in `docs/sample`, which was recorded in the
folder `PROJECT_PATH`; both go to that project, so that the conversation is linked to the code it is about.
Sent again, every item is a duplicate.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import httpx2
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from supastate.errors import ConfigurationError

PROJECT_PATH = "/home/dev/supastate"
_CHECKOUT = "demo"
_SAMPLE = "docs/sample/claude-code-session.jsonl"
_SOURCE_SUFFIXES = frozenset({".py", ".sql", ".lua", ".cypher", ".scm", ".js", ".ts", ".java"})
_SKIPPED_FOLDERS = frozenset({"var", "vendor", "node_modules", "__pycache__", "tests"})
_FILES_A_PART = 100
_POLL_SECONDS = 0.5
_PATIENCE_SECONDS = 900
_LEDGER = ("received", "new", "duplicate", "rejected", "pending", "processing", "completed", "dead")
_Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """A question, what was found, and whether it is right."""

    question: str
    found: str
    right: bool


def run_main_job(api: httpx2.Client, *, root: Path, console: Console) -> bool:
    """Do it all with a progress bar; whether the ledger adds up and every answer was right."""
    parts = [*_send_source(api, root), _send_session(api, root)]
    ledger = _wait_until_done(api, [part["batchId"] for part in parts], console)
    _print_ledger(ledger, console)
    adds_up = _adds_up(ledger)
    if not adds_up:
        console.print("[red]The ledger does not add up.[/red]")
    answers = [ask(api) for ask in (_search_memories, _search_code, _find_callers, _find_pattern)]
    for answer in answers:
        mark = "[green]right[/green]" if answer.right else "[red]wrong[/red]"
        console.print(f"{mark}  {answer.question}\n       {answer.found}", highlight=False, soft_wrap=True)
    return adds_up and all(answer.right for answer in answers)


def list_source(root: Path) -> list[Path]:
    """This repository's source without its tests, relative to `root`: what git tracks, or what lies there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        paths = [Path(name) for name in listed.stdout.split("\0") if name]
    else:
        paths = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
    return sorted(path for path in paths if _is_source(path) and (root / path).is_file())


def _is_source(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix in _SOURCE_SUFFIXES and not hidden and _SKIPPED_FOLDERS.isdisjoint(path.parts)


def _send_source(api: httpx2.Client, root: Path) -> Iterator[_Json]:
    """Send the whole tree as one full sync in parts, so that files gone since the last run go there too."""
    paths = list_source(root)
    parts = [paths[start : start + _FILES_A_PART] for start in range(0, len(paths), _FILES_A_PART)]
    sync = f"demo-{time.time_ns()}"
    for number, part in enumerate(parts, start=1):
        body = {
            "project": {"path": PROJECT_PATH},
            "checkoutId": _CHECKOUT,
            "files": [{"path": path.as_posix(), "content": (root / path).read_text()} for path in part],
            "fullSync": {"id": sync, "part": number, "parts": len(parts)},
        }
        yield _read(api.post("/api/ingest/code", json=body))


def _send_session(api: httpx2.Client, root: Path) -> _Json:
    parameters = {"format": "claude-code", "project": PROJECT_PATH}
    content = (root / _SAMPLE).read_bytes()
    return _read(
        api.post(
            "/api/ingest/transcript",
            params=parameters,
            content=content,
            headers={"Content-Type": "application/x-ndjson"},
        )
    )


def _wait_until_done(api: httpx2.Client, batch_ids: list[str], console: Console) -> _Json:
    """Poll until no row of these batches waits in any stage, nor any of the workspace; returns the ledger's sums.

    Patterns are found for the workspace and not for a batch, hence the second question.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with Progress(console=console) as progress:
        task = progress.add_task("Storing, embedding, linking", total=None)
        while True:
            batches = [_read(api.get(f"/api/ingest/batches/{batch_id}")) for batch_id in batch_ids]
            counts = [stage for batch in batches for stage in batch["stages"].values()]
            waiting = _count_waiting(counts)
            settled = sum(stage["completed"] + stage["dead"] for stage in counts)
            progress.update(task, total=max(waiting + settled, 1), completed=settled or 1)
            status = _read(api.get("/api/ingest/status"))
            if all(batch["done"] for batch in batches) and not _count_waiting(status["stages"].values()):
                return {name: sum(batch[name] for batch in batches) for name in _LEDGER}
            if time.monotonic() > deadline:
                raise ConfigurationError(
                    f"The queue did not drain within {_PATIENCE_SECONDS} s: {status['stages']}."
                )
            time.sleep(_POLL_SECONDS)


def _count_waiting(stages: Iterable[_Json]) -> int:
    return sum(stage["pending"] + stage["processing"] for stage in stages)


def _adds_up(ledger: _Json) -> bool:
    """Every item has become something, and every new one has been worked off."""
    received = ledger["new"] + ledger["duplicate"] + ledger["rejected"]
    return bool(ledger["received"] == received and ledger["new"] == ledger["completed"])


def _print_ledger(ledger: _Json, console: Console) -> None:
    table = Table(*_LEDGER, title="Ledger", box=box.SIMPLE, pad_edge=False, padding=0)
    table.add_row(*(str(ledger[name]) for name in _LEDGER))
    console.print(table)


def _search_memories(api: httpx2.Client) -> Answer:
    question = "why did one worker hold far more queue rows than it had asked for?"
    results = _read(api.get("/api/search/memories", params={"q": question, "limit": 5}))["results"]
    return _judge(
        "memory search: " + question, results, lambda found: "2,000" in found["title"] + found["snippet"]
    )


def _search_code(api: httpx2.Client) -> Answer:
    question = "refuse a network port that something else listens on"
    results = _read(api.get("/api/search/code", params={"q": question, "limit": 5}))["results"]
    # By its name: this function, which is sent too, holds the question and the answer.
    return _judge("code search: " + question, results, lambda found: found["title"].endswith(".require_free_port"))


def _judge(question: str, results: list[_Json], is_right: Callable[[_Json], bool]) -> Answer:
    """The first result that is right, else the first result."""
    texts = [f"{result['title']}: {' '.join(result['snippet'].split())[:160]}" for result in results]
    right = [text for text, result in zip(texts, results, strict=True) if is_right(result)]
    return Answer(question, next(chain(right, texts), "nothing"), bool(right))


def _find_callers(api: httpx2.Client) -> Answer:
    name, expected = "start_service", {"start_postgres", "start_redis_server", "start_neo4j"}
    entities = _read(api.get("/api/graph/entities", params={"q": name, "kind": "function"}))["results"]
    uid = next((entity["uid"] for entity in entities if entity["name"] == name), None)
    if uid is None:
        return Answer(f"who calls {name}?", f"the graph has no function {name}", right=False)
    answer = _read(api.get(f"/api/graph/entities/{uid}/callers"))
    callers = {caller["entity"]["name"] for caller in answer["items"]}
    return Answer(f"who calls {name}?", ", ".join(sorted(callers)) or "nobody", expected <= callers)


def _find_pattern(api: httpx2.Client) -> Answer:
    patterns = _read(api.get("/api/patterns"))["results"]
    founded = [pattern for pattern in patterns if pattern["evidence"]]
    found = f"{founded[0]['type']}: {founded[0]['title']}" if founded else "none with evidence"
    return Answer("which patterns were found?", found, bool(founded))


def _read(response: httpx2.Response) -> _Json:
    if response.is_error:
        request = response.request
        raise ConfigurationError(
            f"{request.method} {request.url.path} answered {response.status_code}: {response.text[:500]}"
        )
    answer: _Json = response.json()
    return answer
