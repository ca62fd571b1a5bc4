"""A project of 20,000 files on its way into the graph, once: Django's tree under 23 names, each importing itself.

It takes the better part of an hour, so it runs only when it is named. A quarter of the copies goes first: where
memory grows by more than the same share, files are not streamed. Then some files are edited. `LARGE_COPIES` makes
fewer copies.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from benchmarks.corpus import wait_until_idle
from benchmarks.edits import edit_live, find_uid, send_files, wait_for_graph, wait_for_stages
from benchmarks.graph import read_django
from benchmarks.harness import Figure
from benchmarks.installation import Running, run_installation
from benchmarks.memory import take_snapshot
from benchmarks.null_provider import name_provider, run_null_provider

NAME = "large"
COPIES = int(os.environ.get("LARGE_COPIES", "23"))
FIRST_COPIES = max(COPIES // 4, 1)
EDITED = ("django0/shortcuts.py", "django0/utils/html.py", "django0/db/models/query.py")
_SAMPLE_SECONDS = 1.0
_IMPORT = re.compile(r"^(\s*(?:from|import)\s+)django\b", re.MULTILINE)


def measure() -> Iterator[Figure]:
    """Yield seconds by stage, and the most memory of the workers, at a quarter and at the end; then of edits."""
    sources = read_django()
    with run_null_provider() as url, run_installation(name_provider(url)) as running:
        yield from _bring(running, _copy(sources, range(FIRST_COPIES)), len(sources) * FIRST_COPIES)
        yield from _bring(running, _copy(sources, range(FIRST_COPIES, COPIES)), len(sources) * COPIES)
        yield from _edit(running, _copy(sources, range(1)), len(sources) * COPIES)


def _bring(running: Running, files: Mapping[str, str], total: int) -> list[Figure]:
    """Send the files; return what it took until all is in the graph, `total` files then."""
    name = f"to {total:,} files"
    with _watch_memory() as peaks:
        began = time.perf_counter()
        send_files(running, files)
        accepted = time.perf_counter() - began
        wait_for_stages(running, "store_code")
        stored = time.perf_counter() - began
        wait_for_graph(running)
        written = time.perf_counter() - began
    return [
        Figure(NAME, f"{name}: accepted", accepted, "s"),
        Figure(NAME, f"{name}: parsed and stored, resolving beside it", stored, "s"),
        Figure(NAME, f"{name}: graph whole", written, "s"),
        Figure(NAME, f"{name}: workers at most, resident", max(peaks), "MB"),
    ]


def _edit(running: Running, files: Mapping[str, str], total: int) -> Iterator[Figure]:
    wait_until_idle(running.api)
    uid = find_uid(running, name="slugify", path="django0/utils/text.py")
    began = time.perf_counter()
    for number, path in enumerate(EDITED):
        live = edit_live(running, path, files[path], number, uid)
        yield Figure(NAME, f"of {total:,} files, edit {number + 1} at the heels of the one before", live, "s")
    wait_for_graph(running)
    yield Figure(NAME, "all of them: settled", time.perf_counter() - began, "s")


def _copy(sources: Mapping[str, str], numbers: range) -> dict[str, str]:
    return {
        f"django{number}/{path.removeprefix('django/')}": _IMPORT.sub(rf"\1django{number}", text)
        for number in numbers
        for path, text in sources.items()
    }


@contextmanager
def _watch_memory() -> Iterator[list[float]]:
    peaks: list[float] = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_SAMPLE_SECONDS):
            peaks.append(take_snapshot(os.getpid()).by_name.get("workers", 0.0))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()
