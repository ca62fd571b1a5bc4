"""Queries made to write, to see too much or to exhaust: each meets its verdict, on the real stores."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from supastate.errors import SupastateError
from tests.graph.query import world
from tests.graph.query.conftest import Ask
from tests.graph.query.test_good_queries import as_text, is_ordered

LINES = (Path(__file__).parent / "data" / "adversarial.txt").read_text().splitlines()
CASES = [line.partition(" | ")[::2] for line in LINES if line and not line.startswith("#")]
PARAMETERS = {
    "text": "x' OR true //",
    "label": "Function",
    "type": "CALLS",
    "list": list(range(900)),
    "map": {"inner": [1, {"name": "x"}], "name": "load"},
}
NEEDED_CASES = 150
MOST_SECONDS = 20


def test_the_corpus_is_whole() -> None:
    assert len(CASES) == len({query for _, query in CASES}) >= NEEDED_CASES


@pytest.mark.parametrize(("verdict", "query"), CASES)
def test_a_query_meets_its_verdict(ask: Ask, verdict: str, query: str) -> None:
    cypher = query.replace("\\n", "\n")
    began = time.monotonic()
    if verdict == "runs":
        mine = ask(cypher, **PARAMETERS)["rows"]
        alone = ask(cypher, world.ALONE, **PARAMETERS)["rows"]
        if not is_ordered(cypher):
            mine, alone = sorted(mine, key=as_text), sorted(alone, key=as_text)
        assert list(map(as_text, mine)) == list(map(as_text, alone)), "what is hidden has changed the answer"
    else:
        with pytest.raises(SupastateError) as refused:
            ask(cypher, **PARAMETERS)
        assert refused.value.error_code == f"cypher_{verdict}", refused.value.detail
        assert refused.value.where.keys() == {"line", "column"}
        assert len(refused.value.detail) > len("Line 1, column 1: ")
    assert time.monotonic() - began < MOST_SECONDS
