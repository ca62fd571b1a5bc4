"""The memory of a process and all its descendants, by what they are; from /proc."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_KILOBYTES = 1024  # in a megabyte
# Words of a command line, the first that fits deciding; the two Redis processes differ by their folder only.
_NAMES = {
    "postgres": "Postgres",
    "Neo4jServer": "Neo4j",
    "granian supastate.asgi": "live",
    "granian": "web",
    "celery worker express@": "express worker",
    "celery worker": "workers",
    "celery beat": "beat",
    "celery flower": "Flower",
    "manage.py dispatch": "dispatcher",
}


@dataclass(frozen=True)
class Snapshot:
    """Megabytes at one moment: all resident sets, all proportional ones, and the resident sets by name."""

    resident: float
    proportional: float
    by_name: Mapping[str, float]


def take_snapshot(root: int) -> Snapshot:
    """Sum up what the descendants of `root` hold."""
    by_name: dict[str, float] = defaultdict(float)
    proportional = 0.0
    for pid in _list_descendants(root):
        with suppress(OSError):  # it has ended since
            sizes = _read_sizes(pid)
            by_name[_name_process(pid)] += sizes["Rss"] / _KILOBYTES
            proportional += sizes["Pss"] / _KILOBYTES
    return Snapshot(sum(by_name.values()), proportional, dict(by_name))


def _list_descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for folder in _PROC.iterdir():
        if folder.name.isdecimal():
            with suppress(OSError):
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                children[parent].append(int(folder.name))
    found = [root]
    for pid in found:
        found += children[pid]
    return found


def _read_sizes(pid: int) -> dict[str, int]:
    """Kilobytes by field, of a process that may just have ended: then nothing."""
    lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    fields = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
    return {name: int(fields.get(name, 0)) for name in ("Rss", "Pss")}


def _name_process(pid: int) -> str:
    words = (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    if "redis-server" in words:
        return "FalkorDB" if (_PROC / str(pid) / "cwd").readlink().name == "falkordb" else "Redis"
    for fragment, name in _NAMES.items():
        if all(part in words for part in fragment.split()):
            return name
    return "other"
