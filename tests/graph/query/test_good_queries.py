"""What people and assistants write works on both stores, with one answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.graph.query import world
from tests.graph.query.conftest import Ask

QUERIES = (Path(__file__).parent / "data" / "good.txt").read_text().splitlines()
ANSWERS: dict[str, list[Any]] = {}


@pytest.mark.parametrize("cypher", QUERIES)
def test_a_good_query_has_one_answer_in_both_stores(ask: Ask, cypher: str) -> None:
    body = ask(cypher)
    assert body["rows"] or "TOUCHED]->(g" in cypher, "a query that finds nothing shows nothing"
    assert not body["truncated"]
    assert body == ask(cypher, world.ALONE) or not is_ordered(cypher)
    rows = body["rows"] if is_ordered(cypher) else sorted(body["rows"], key=as_text)
    assert [as_text(row) for row in ANSWERS.setdefault(cypher, rows)] == [as_text(row) for row in rows]


def is_ordered(cypher: str) -> bool:
    return "ORDER BY" in cypher.rpartition("RETURN")[2]


def as_text(row: Any) -> str:
    """One text for equal rows: FalkorDB makes floats of some whole numbers, and maps have no order."""
    return orjson.dumps(_whole(row), option=orjson.OPT_SORT_KEYS).decode()


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return {key: _whole(item) for key, item in value.items()} if isinstance(value, dict) else value


def documented() -> list[str]:
    page = (Path(__file__).parents[3] / "docs" / "graph-queries.md").read_text()
    return page.partition("```cypher\n")[2].partition("```")[0].splitlines()


@pytest.mark.parametrize("cypher", documented())
def test_the_documentation_s_examples_find_something(ask: Ask, cypher: str) -> None:
    assert ask(cypher)["rows"]
