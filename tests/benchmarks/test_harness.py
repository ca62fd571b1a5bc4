"""What the benchmarks measure with: a wrong percentile or a text sent twice would make figures lie."""

from __future__ import annotations

import json
import os
from io import StringIO
from pathlib import Path
from threading import Event

import pytest
from rich.console import Console

from benchmarks.corpus import CHARACTERS, SIZE, make_chunks, make_texts
from benchmarks.harness import Figure, find_percentile, list_ratios, report, run_paced
from benchmarks.memory import take_snapshot


@pytest.mark.parametrize(("percent", "expected"), [(50, 50), (95, 95), (99, 99), (100, 100)])
def test_a_percentile_is_a_value_that_was_measured(percent: int, expected: float) -> None:
    assert find_percentile([float(number) for number in range(100, 0, -1)], percent) == expected


def test_the_percentiles_of_one_value_are_that_value() -> None:
    assert [find_percentile([7.0], percent) for percent in (50, 95, 99)] == [7.0, 7.0, 7.0]


def test_a_ratio_is_of_equal_percentiles() -> None:
    ratios = list_ratios("b", "ours / bare", [2.0, 4.0, 30.0], [1.0, 2.0, 3.0])
    assert [(figure.name, figure.value) for figure in ratios] == [
        ("ours / bare p50", 2.0),
        ("ours / bare p95", 10.0),
    ]


def test_a_call_that_had_to_wait_for_a_worker_counts_from_when_it_was_due() -> None:
    """Two calls are due 50 ms apart, and the first holds the one worker until the second has been due for long."""
    second_was_due = Event()

    def act(number: int) -> None:
        if number == 0:
            second_was_due.wait(0.25)

    first, second = run_paced(act, rate=20, seconds=0.1, workers=1)
    assert first >= 0.25
    assert second >= 0.19


def test_texts_are_the_same_on_every_run_and_each_is_different() -> None:
    texts = make_texts()
    assert texts == make_texts()
    assert len(set(texts)) == SIZE
    assert set(texts).isdisjoint(make_texts(seed=8))
    assert abs(sum(map(len, texts)) / SIZE - CHARACTERS) < 20


def test_a_chunk_keeps_its_id_when_it_is_sent_again() -> None:
    first = make_chunks(make_texts(3), prefix="p")
    assert first == make_chunks(make_texts(3), prefix="p")
    assert [chunk["chunkId"] for chunk in first] == ["p-0", "p-1", "p-2"]


def test_memory_is_that_of_this_process_and_its_children() -> None:
    snapshot = take_snapshot(os.getpid())
    assert snapshot.resident > 20
    assert 0 < snapshot.proportional <= snapshot.resident
    assert sum(snapshot.by_name.values()) == pytest.approx(snapshot.resident)


def test_results_are_a_table_and_json(tmp_path: Path) -> None:
    console = Console(record=True, width=120, file=StringIO())
    report([Figure("accept", "p95", 12.34, "ms", "< 100")], console=console, json_path=tmp_path / "results.json")
    assert "12.3" in console.export_text()
    saved = json.loads((tmp_path / "results.json").read_text())
    assert saved["figures"] == [
        {"benchmark": "accept", "name": "p95", "value": 12.34, "unit": "ms", "aim": "< 100"}
    ]
    assert saved["machine"]["cores"] == os.cpu_count()
