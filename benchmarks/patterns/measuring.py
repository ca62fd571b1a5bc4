"""What detection costs: 1,000 new memories beside 10,000, 50,000 and 100,000 old ones, and all of them anew."""

from __future__ import annotations

from benchmarks.harness import Figure
from benchmarks.installation import run_web_alone

NAME = "patterns"
SIZES = (10_000, 50_000, 100_000)


def measure() -> list[Figure]:
    """Run detection in one process, as one worker would, beside services that nothing else uses."""
    with run_web_alone() as running:
        told = running.run_python("-m", "benchmarks.patterns.cost", *map(str, SIZES))
    return [
        *(
            figure
            for size, seconds in told["incremental"].items()
            for figure in _list_seconds(f"1,000 new memories beside {int(size):,}", seconds, "flat")
        ),
        *_list_seconds(f"all of {SIZES[-1] + 1_000:,} memories", told["full"], "minutes"),
        Figure(NAME, "most memory of that", told["peak"], "MB", "bounded"),
        Figure(NAME, "memory of the process before it", told["before"], "MB"),
        *(Figure(NAME, name, told[name], "") for name in ("patterns", "occurrences", "leaders")),
    ]


def _list_seconds(name: str, seconds: tuple[float, float], aim: str) -> list[Figure]:
    """What it took, and what of it the worker computed: the rest is Postgres, and other work on the machine."""
    took, computed = seconds
    return [Figure(NAME, name, took, "s", aim), Figure(NAME, f"{name}, the worker's CPU", computed, "s")]
