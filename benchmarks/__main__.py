"""`python -m benchmarks [NAME …] [--rows N] [--json FILE]`; `make bench` runs them all."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from benchmarks import (
    accept,
    consolidation,
    context,
    edits,
    fairness,
    graph,
    large_project,
    pipeline,
    questions,
    queue_scale,
    search,
    setup_time,
    suggestions,
    throughput,
)
from benchmarks.harness import Figure, report
from benchmarks.installation import run_installation
from benchmarks.patterns import measuring as patterns
from benchmarks.scale import measuring as scale

# In this order: searching comes while the corpus is alone, accepting leaves a backlog behind.
_ON_AN_INSTALLATION = {module.NAME: module.measure for module in (pipeline, search, context, suggestions, accept)}
_BY_THEMSELVES = {
    module.NAME: module.measure
    for module in (
        throughput,
        queue_scale,
        fairness,
        edits,
        graph,
        questions,
        patterns,
        consolidation,
        setup_time,
        large_project,
    )
}
_ONLY_WHEN_NAMED = {large_project.NAME, scale.NAME}  # each takes half an hour


def main() -> int:
    """Run the benchmarks named, or all that are quick."""
    names = (*_ON_AN_INSTALLATION, *_BY_THEMSELVES, scale.NAME)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(names)}")
    parser.add_argument("--rows", type=int, default=100_000, help="chunks of `scale`")
    parser.add_argument("--workspaces", type=int, nargs="+", default=scale.WORKSPACES, help="of `scale`")
    parser.add_argument("--json", type=Path, help="file for the results as JSON")
    chosen = parser.parse_args()
    wanted = set(chosen.names) or set(names) - _ONLY_WHEN_NAMED
    if unknown := wanted - set(names):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    console = Console()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # services and folders go however it ends
    figures: list[Figure] = []
    try:
        run(wanted, console, figures, rows=chosen.rows, workspaces=chosen.workspaces)
    finally:  # what was measured before a failure is worth as much
        report(figures, console=console, json_path=chosen.json)
    return 0


def run(
    wanted: set[str], console: Console, figures: list[Figure], *, rows: int, workspaces: Sequence[int]
) -> None:
    """Run them one after the other and add their figures; those that need an installation share one."""
    shared = {name: measure for name, measure in _ON_AN_INSTALLATION.items() if name in wanted}
    if shared:
        with run_installation() as running:
            for name, measure in shared.items():
                console.print(f"Measuring: {name}")
                figures += measure(running)
    for name, measure_alone in _BY_THEMSELVES.items():
        if name in wanted:
            console.print(f"Measuring: {name}")
            figures += measure_alone()
    if scale.NAME in wanted:
        console.print(f"Measuring: {scale.NAME}, {rows:,} chunks")
        figures += scale.measure(rows, workspaces)


if __name__ == "__main__":
    sys.exit(main())
