"""Set-up: seconds of `make demo` on a clean clone with empty caches, then again warm; memory of the whole set.

The commit that is checked out is cloned, so what is not committed is not measured. Memory is read from /proc while
both work, hence Linux only: the highest sum of resident sets, which counts shared pages in each process, and
the proportional sets at that moment, which count them once.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.harness import ROOT, Figure
from benchmarks.installation import SERVICE_VARIABLES
from benchmarks.memory import Snapshot, take_snapshot
from supastate.local.service import find_free_port

NAME = "setup"
_SAMPLE_SECONDS = 0.5


def measure() -> list[Figure]:
    """Clone, run twice, remove."""
    with tempfile.TemporaryDirectory(prefix="supastate-bench-") as folder:
        Path(folder).chmod(0o711)  # under root, Postgres runs as another user
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        environment = _make_environment(Path(folder))
        cold, early = _time_demo(clone, environment)
        warm, late = _time_demo(clone, environment)
    memory = _find_peak([*early, *late])
    return [
        Figure(NAME, "make demo on a clean clone, empty caches", cold, "s"),
        Figure(NAME, "make demo again", warm, "s"),
        Figure(NAME, "resident memory, all processes", memory.resident, "MB"),
        Figure(NAME, "proportional memory, all processes", memory.proportional, "MB"),
        *(Figure(NAME, f"resident: {name}", size, "MB") for name, size in sorted(memory.by_name.items())),
    ]


def _make_environment(folder: Path) -> dict[str, str]:
    caches = {name: str(folder / name.lower()) for name in ("XDG_CACHE_HOME", "PIP_CACHE_DIR")}
    ports = {name: str(find_free_port()) for name in ("SUPASTATE_PORT", "LIVE_PORT", "FLOWER_PORT")}
    kept = {name: value for name, value in os.environ.items() if name not in SERVICE_VARIABLES}
    return kept | caches | ports


def _time_demo(clone: Path, environment: dict[str, str]) -> tuple[float, list[Snapshot]]:
    log = clone.parent / "demo.log"
    began = time.perf_counter()
    with log.open("w") as output:
        make = subprocess.Popen(
            ["make", "demo"], cwd=clone, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        with _watch_memory(make.pid) as snapshots:
            status = make.wait()
    if status != 0:
        raise RuntimeError(f"`make demo` failed with status {status}:\n{log.read_text()[-3000:]}")
    return time.perf_counter() - began, snapshots


def _find_peak(snapshots: list[Snapshot]) -> Snapshot:
    """The largest snapshot of the running set; what installs it comes before the web process is there."""
    return max((item for item in snapshots if "web" in item.by_name), key=lambda item: item.resident)


@contextmanager
def _watch_memory(root: int) -> Iterator[list[Snapshot]]:
    """Fill a list with snapshots of all descendants of `root` until the block ends."""
    snapshots: list[Snapshot] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_SAMPLE_SECONDS):
            snapshots.append(take_snapshot(root))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield snapshots
    finally:
        ended.set()
        thread.join()
