"""The scores of the resolution benchmark, on programs whose scores are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.resolution.dynamic import compare
from benchmarks.resolution.pycg import score_folder

CASE = """
from elsewhere import outside
class Thing:
    def __init__(self): pass
def one(): pass
double = lambda: one()
def main():
    Thing()
    double()
    outside()
"""


def write_case(folder: Path, expected: dict[str, list[str]]) -> None:
    """Write one program with the call graph that it is said to have."""
    folder.mkdir(parents=True)
    (folder / "main.py").write_text(CASE)
    (folder / "callgraph.json").write_text(json.dumps(expected))


def test_a_right_case_is_sound_and_complete_but_for_what_is_outside(tmp_path: Path) -> None:
    calls = ["main.Thing.__init__", "main.<lambda1>", "elsewhere.outside", "<builtin>.len"]
    write_case(tmp_path / "kind" / "case", {"main.main": calls, "main.<lambda1>": ["main.one"]})
    (score,) = score_folder(tmp_path)
    assert (score.category, score.name, score.missing, score.extra) == ("kind", "case", frozenset(), frozenset())
    assert {callee for _, callee in score.unseen} == {"elsewhere.outside", "<builtin>.len"}


def test_missing_and_surplus_edges_are_named(tmp_path: Path) -> None:
    write_case(tmp_path / "kind" / "case", {"main.main": ["main.one", "main.<lambda1>"]})
    (score,) = score_folder(tmp_path)
    assert score.missing == {("main.main", "main.one")}
    assert score.extra == {("main.main", "main.Thing.__init__"), ("main.<lambda1>", "main.one")}


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no callgraph"):
        score_folder(tmp_path)


def test_calls_that_happen_are_compared_with_edges(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    (program / "main.py").write_text(
        "class Car:\n"
        "    @property\n"
        "    def speed(self): return 1\n"
        "def hidden(): pass\n"
        "def found(): return [item() for item in [hidden]]\n"
        "def unseen(): pass\n"
        "def drive(car, way):\n"
        "    found() if way else unseen()\n"
        "    globals()['hidden']()\n"
        "    return car.speed\n"
        "drive(Car(), 1)\n"
    )
    result = compare(program, [str(program / "main.py")])
    pairs = {(pair.caller.rpartition(".")[2], pair.callee.rpartition(".")[2]): pair for pair in result.pairs}
    assert {names: pair.method for names, pair in pairs.items() if "py>" not in names[0]} == {
        ("drive", "found"): "lexical",
        ("drive", "speed"): "argument",
        ("drive", "hidden"): "",
        ("found", "hidden"): "container",
    }
    assert pairs["drive", "speed"].group == "property"
    assert {edge.callee.rpartition(".")[2] for edge in result.edges if not edge.was_seen} == {"unseen"}
