"""The code that a query names outright: `net/shop.py:42`, `parseHTTPResponse`, `Cart.total`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from processing.models import CodeObject
from supastate.search.model import Kind, SearchRequest
from supastate.search.statements import fetch_rows
from supastate.search.suggesting import name_key
from supastate.search.understanding import Understood

MOST_NAMED = 5


def find_named(understood: Understood, request: SearchRequest) -> Sequence[CodeObject]:
    """Return the code that the query names, in its order; on a first page only. Runs inside a scope."""
    if not (understood.paths or understood.identifiers) or request.after or Kind.CODE not in request.kinds:
        return ()
    paths = understood.paths[:MOST_NAMED]
    dotted = [re.sub("::|#", ".", name) for name in understood.identifiers[:MOST_NAMED]]
    rows = fetch_rows(
        "find_named",
        {
            "paths": [named.path for named in paths],
            "lines": [named.line for named in paths],
            "names": [name_key(name.rpartition(".")[2]) for name in dotted],
            "qualified_names": dotted,
            "projects": None if request.filters.projects is None else list(request.filters.projects),
            "most": MOST_NAMED,
        },
    )
    objects = (
        CodeObject.objects.select_related("file", "project").defer("search").in_bulk([row[0] for row in rows])
    )
    return [objects[row[0]] for row in rows if row[0] in objects]
