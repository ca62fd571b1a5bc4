"""A project's facts as a process keeps them: names at hand, all else packed, and resolving that stays small."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import orjson
import pytest

from graph import file_graphs
from graph.facts import FileFacts
from graph.file_graphs import hash_file, resolve_files
from graph.parsing import parse_source
from graph.project_facts import ProjectFacts, keep_packed
from graph.resolver import ProjectResolver, index, memory, resolve_project

_SOURCES = Path(__file__).parents[2] / "graph" / "resolver"
_IMPORT = re.compile(r"^from graph\.resolver\b", re.MULTILINE)


@cache
def parse_copy(number: int) -> Mapping[str, FileFacts]:
    """Return the facts of the package `graph.resolver` under another name."""
    texts = {path.relative_to(_SOURCES): path.read_text() for path in sorted(_SOURCES.glob("*.py"))}
    found = {
        f"resolver{number}/{path}": _IMPORT.sub(f"from resolver{number}", text) for path, text in texts.items()
    }
    return {path: parse_source(path, text) for path, text in found.items()}


def parse_copies(count: int) -> dict[str, FileFacts]:
    return {path: facts for number in range(count) for path, facts in parse_copy(number).items()}


def keep(files: Mapping[str, FileFacts]) -> ProjectFacts:
    texts: dict[str, str] = {}
    rows = ((path, facts, orjson.dumps(facts.to_json()).decode()) for path, facts in files.items())
    return ProjectFacts({path: keep_packed(path, text, texts) for path, facts, text in rows})


def test_what_is_unpacked_is_what_was_parsed() -> None:
    files = parse_copy(0)
    kept = keep(files)
    assert {path: kept.unpack(path) for path in kept} == files
    assert {path: kept.unpack_calls(path) for path in kept} == {path: facts.calls for path, facts in files.items()}
    assert sum(len(facts.calls) for facts in kept.values()) == 0


def test_a_project_of_skeletons_has_the_nodes_and_edges_of_the_whole_facts() -> None:
    files = parse_copy(0)
    kept = keep(files)
    assert ProjectResolver("p", kept, packed=kept).resolve() == resolve_project("p", files)


def test_what_is_forgotten_on_the_way_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    files = parse_copies(2)
    whole = resolve_project("p", files)
    monkeypatch.setattr(memory, "MOST_REMEMBERED", 1_000)
    monkeypatch.setattr(index, "MOST_SCOPED_FILES", 2)
    assert resolve_project("p", files) == whole


def test_a_project_of_five_times_the_files_takes_little_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each adds its skeleton and what is passed to its functions, less than 2.5 times its facts' JSON."""
    monkeypatch.setattr(memory, "MOST_REMEMBERED", 2_000)
    monkeypatch.setattr(index, "MOST_SCOPED_FILES", 15)
    monkeypatch.setattr(file_graphs, "PART_FILES", 15)
    copies = 5
    parse_copies(copies)
    one, many = _find_peak(1), _find_peak(copies)
    source = sum(len(orjson.dumps(facts.to_json())) for facts in parse_copy(0).values())
    assert (many - one) / (copies - 1) < 2.5 * source


def _find_peak(copies: int) -> int:
    tracemalloc.start()
    try:
        for graph in resolve_files("p", keep(parse_copies(copies)), {}):
            hash_file(graph)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
