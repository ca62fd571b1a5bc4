"""What all benchmarks share: a figure, percentiles, open-loop pacing, and how results are shown."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
STARTING_SECONDS = 0.2


@dataclass(frozen=True)
class Figure:
    """One measured number. `aim` is what the project asks of it, as text."""

    benchmark: str
    name: str
    value: float
    unit: str
    aim: str = ""


def find_percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least `percent` of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * percent / 100) - 1, 0)]


def run_paced(action: Callable[[int], None], *, rate: float, seconds: float, workers: int) -> list[float]:
    """Call `action(0)`, `action(1)` … at `rate` a second whether or not earlier calls have ended.

    Returns the seconds that each took from when it was due, so that waiting for a free worker counts.
    """
    began = time.perf_counter() + STARTING_SECONDS
    with ThreadPoolExecutor(workers) as pool:
        running = []
        for number in range(int(rate * seconds)):
            due = began + number / rate
            time.sleep(max(due - time.perf_counter(), 0))
            running.append(pool.submit(_time_from, due, action, number))
    return [future.result() for future in running]


def list_latencies(
    benchmark: str, name: str, seconds: Sequence[float], *, aim_p95: str = "", aim_p99: str = ""
) -> list[Figure]:
    """p50, p95 and p99 in milliseconds."""
    return [
        Figure(benchmark, f"{name} p{percent}", find_percentile(seconds, percent) * 1000, "ms", aim)
        for percent, aim in ((50, ""), (95, aim_p95), (99, aim_p99))
    ]


def list_ratios(benchmark: str, name: str, ours: Sequence[float], bare: Sequence[float]) -> list[Figure]:
    """p50 and p95 of ours over those of the bare thing."""
    return [
        Figure(
            benchmark, f"{name} p{percent}", find_percentile(ours, percent) / find_percentile(bare, percent), "x"
        )
        for percent in (50, 95)
    ]


def report(figures: Sequence[Figure], *, console: Console, json_path: Path | None) -> None:
    """Print the table, and the same as JSON to the file, or after the table."""
    table = Table("benchmark", "figure", "value", "unit", "aim")
    for figure in figures:
        table.add_row(figure.benchmark, figure.name, _render(figure.value), figure.unit, figure.aim)
    console.print(table)
    text = json.dumps(
        {"machine": describe_machine(), "figures": [asdict(item) for item in figures]},
        indent=1,
        ensure_ascii=False,
    )
    if json_path is None:
        sys.stdout.write(text + "\n")
    else:
        json_path.write_text(text + "\n")


def describe_machine() -> dict[str, Any]:
    """Where and when this is measured; a load above zero before the start says that others work here too."""
    revision = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()],
        "platform": platform.platform(),
        "python": platform.python_version(),
        "revision": revision.stdout.strip(),
    }


def _time_from(due: float, action: Callable[[int], None], number: int) -> float:
    action(number)
    return time.perf_counter() - due


def _render(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
