"""How well calls are resolved.

`pycg FOLDER` scores PyCG's micro-benchmark (the folder `micro-benchmark/snippets` of a copy of it); `dynamic
FOLDER COMMAND …` runs a program and compares with what it calls in FOLDER.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.resolution.dynamic import Comparison, compare
from benchmarks.resolution.pycg import Score, score_folder


def main() -> int:
    """Run the comparison that is asked for and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.resolution", description=__doc__)
    commands = parser.add_subparsers(dest="name", required=True)
    pycg = commands.add_parser("pycg", help="score PyCG's micro-benchmark")
    pycg.add_argument("folder", type=Path)
    pycg.add_argument("--wrong", action="store_true", help="list every edge that is missing or too many")
    dynamic = commands.add_parser("dynamic", help="compare with calls that happen")
    dynamic.add_argument("folder", type=Path, help="the package whose calls count")
    dynamic.add_argument("--wrong", action="store_true", help="list pairs without an edge, and edges not seen")
    dynamic.add_argument("command", nargs=argparse.REMAINDER, help="a script or -m module, with arguments")
    chosen = parser.parse_args()
    console = Console(file=sys.stderr if chosen.name == "dynamic" else sys.stdout, width=140)
    if chosen.name == "pycg":
        show_scores(score_folder(chosen.folder), console, list_wrong=chosen.wrong)
    else:
        show_comparison(compare(chosen.folder, chosen.command), console, list_wrong=chosen.wrong)
    return 0


def show_scores(scores: Sequence[Score], console: Console, *, list_wrong: bool) -> None:
    """Print how many cases of each category are right."""
    table = Table("category", "cases", "sound, all edges", "sound, first-party edges", "complete")
    for name in (*sorted({score.category for score in scores}), "all"):
        rows = [score for score in scores if name in {score.category, "all"}]
        sound = sum(not score.missing for score in rows)
        sound_in_all = sum(not score.missing and not score.unseen for score in rows)
        table.add_row(name, *map(str, (len(rows), sound_in_all, sound, sum(not score.extra for score in rows))))
    console.print(table)
    for score in scores if list_wrong else ():
        for word, pairs in (("missing", score.missing), ("too many", score.extra)):
            for caller, callee in sorted(pairs):
                console.print(f"{score.category}/{score.name}: {word}: {caller} -> {callee}", markup=False)


def show_comparison(comparison: Comparison, console: Console, *, list_wrong: bool) -> None:
    """Print recall by kind of callee, and which share of the edges whose lines ran was seen, by method."""
    recall = Table("callee", "pairs that ran", "with an edge", "recall")
    _add_shares(recall, [(pair.group, bool(pair.method)) for pair in comparison.pairs])
    confirmed = Table("method", "edges whose lines ran", "seen", "confirmed")
    _add_shares(confirmed, [(edge.method, edge.was_seen) for edge in comparison.edges])
    console.print(recall, confirmed)
    if list_wrong:
        for pair in comparison.pairs:
            if not pair.method:
                console.print(f"no edge ({pair.group}): {pair.caller} -> {pair.callee}", markup=False)
        for edge in comparison.edges:
            if not edge.was_seen:
                console.print(f"not seen ({edge.method}): {edge.caller} -> {edge.callee}", markup=False)


def _add_shares(table: Table, rows: Sequence[tuple[str, bool]]) -> None:
    counts, hits = Counter(name for name, _ in rows), Counter(name for name, hit in rows if hit)
    for name, count in [*counts.most_common(), ("all", counts.total())]:
        found = hits.total() if name == "all" else hits[name]
        table.add_row(name, str(count), str(found), f"{found / count:.3f}" if count else "")


if __name__ == "__main__":
    sys.exit(main())
