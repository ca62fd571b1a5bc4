"""`python -m benchmarks.patterns [--json FILE]`: precision and recall of each type over the labelled sessions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from benchmarks.harness import Figure, report
from benchmarks.installation import Running, run_installation
from benchmarks.patterns.scoring import Found, Score, score
from benchmarks.patterns.sessions import PARTS, read_scenarios

AIMS = {"precision": ">= 0.9", "recall": ">= 0.8"}


def main() -> int:
    """Run everything on an installation of its own, and show what was wrong or missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.patterns", description=__doc__)
    parser.add_argument("--json", type=Path, help="file for the results as JSON")
    chosen = parser.parse_args()
    console = Console()
    with run_installation() as running:
        scores = measure_quality(running)
    for part, types in scores.items():
        for name, counted in types.items():
            for remark in counted.remarks:
                console.print(f"{part} {name}: {remark}", highlight=False, markup=False)
    report(list_figures(scores), console=console, json_path=chosen.json)
    return 0


def measure_quality(running: Running) -> dict[str, dict[str, Score]]:
    """Return {part: {type: score}}."""
    scenarios = read_scenarios()
    found = _find_patterns(running)
    return {part: score([item for item in scenarios if item.part == part], found) for part in PARTS}


def list_figures(scores: dict[str, dict[str, Score]]) -> list[Figure]:
    """Precision and recall by part and type, with how many patterns they rest on."""
    figures = []
    for part, types in scores.items():
        for name, counted in types.items():
            label = (
                f"{part} {name} ({counted.right + counted.missed} there, {counted.right + counted.wrong} found)"
            )
            figures.append(Figure("patterns", f"{label} precision", counted.precision, "", AIMS["precision"]))
            figures.append(Figure("patterns", f"{label} recall", counted.recall, "", AIMS["recall"]))
    return figures


def _find_patterns(running: Running) -> list[Found]:
    answer = running.run_python("-m", "benchmarks.patterns.quality", str(running.api.base_url))
    return [Found(**item | {"sessions": frozenset(item["sessions"])}) for item in answer["found"]]


if __name__ == "__main__":
    sys.exit(main())
