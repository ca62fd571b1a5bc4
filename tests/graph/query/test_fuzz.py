"""Random queries: what the guard lets pass shows no canary, writes nothing, and is answered alike where nothing
is hidden.

`GRAPH_FUZZ_QUERIES` makes more than CI's share, `GRAPH_FUZZ_SEED` others. Neo4j plans each anew, FalkorDB is fast.
"""

from __future__ import annotations

import os
from collections import Counter

from graph.store import GraphStore
from graph.store.backend import Dialect
from supastate.errors import SupastateError
from tests.graph.query import world
from tests.graph.query.conftest import Ask
from tests.graph.query.generating import QueryMaker
from tests.graph.query.test_good_queries import as_text

SEED = int(os.environ.get("GRAPH_FUZZ_SEED", "20261121"))
SHARES = {Dialect.FALKORDB: 400, Dialect.NEO4J: 40}
PARAMETERS = {"text": "CANAR", "list": [1, "load", None]}


def test_no_random_query_tells_of_what_is_hidden(ask: Ask, store: GraphStore) -> None:
    maker = QueryMaker(SEED)
    total = int(os.environ.get("GRAPH_FUZZ_QUERIES") or SHARES[store.dialect])
    verdicts: Counter[str] = Counter()
    for _ in range(total):
        cypher = maker.make()
        mine, alone = answer(ask, cypher, mine=True), answer(ask, cypher, mine=False)
        assert mine == alone, f"what is hidden has changed the answer of {cypher}"
        verdicts[mine if isinstance(mine, str) else "answered"] += 1
    assert verdicts["answered"] > total / 3, verdicts
    assert verdicts["cypher_syntax_error"] == 0, verdicts


def answer(ask: Ask, cypher: str, *, mine: bool) -> str | list[str]:
    """The sorted rows, or the code of the refusal."""
    try:
        body = ask(cypher, world.MINE if mine else world.ALONE, **PARAMETERS)
    except SupastateError as exc:
        return exc.error_code
    return "truncated" if body["truncated"] else sorted(map(as_text, body["rows"]))
