"""Run by `benchmarks.scale.measuring` in an installation's environment: asks questions, prints figures as JSON.

Each question is asked two ways: `search()` as the web process calls it, and bare statements in the same workspace.
They take turns in being first, which finds less in memory. Then some are answered by comparing every vector, which
tells the recall.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import django
import numpy as np
import psycopg

django.setup()

from benchmarks.bare_search import BareSearch  # noqa: E402
from processing.embedding_models import active_model  # noqa: E402
from supastate.search.filtering import filter_parameters  # noqa: E402
from supastate.search.model import Filters, Kind, SearchRequest  # noqa: E402
from supastate.search.nearest import choose_way, find_ef_search  # noqa: E402
from supastate.search.searching import search  # noqa: E402
from supastate.workspaces.scope import workspace_scope  # noqa: E402

WARMING = 10
RECALLED = 50  # so many are also answered by comparing all, afterwards: that takes seconds of a million
KEPT = (10, 20, 50)


def ask_all(tenant: Mapping[str, Any], queries: Sequence[str]) -> dict[str, Any]:
    """Seconds of each question by all three ways and of its embedding, the recalls, and which way was chosen."""
    workspace, author = UUID(tenant["workspace"]), UUID(tenant["author"])
    filters = Filters(projects=[UUID(item) for item in tenant["projects"]] or None)
    provider = active_model().provider(workspace)
    vectors = [str(provider.embed_query(query).tolist()) for query in queries]
    way, ef_search = _find_way(workspace, filters)
    measured: dict[str, Any] = {"way": way, "ours": [], "bare": [], "exact": [], "embedding": [], "recall": []}
    with psycopg.connect(os.environ["DATABASE_URL"], cursor_factory=psycopg.ClientCursor) as connection:
        model = active_model()
        statement = BareSearch(
            connection,
            workspace=str(workspace),
            model=model.name,
            dimensions=model.spec.dimensions,
            ef_search=ef_search,
        )
        given = {"projects": filters.projects}
        approximate = []
        for number, (query, vector) in enumerate(zip(queries, vectors, strict=True)):
            if is_bare_first := number % 2 == 1:
                bare, found = statement.search(query, vector, way=way, filters=given)
            request = SearchRequest(query, (Kind.MEMORY,), 20, filters)
            ours = _time(lambda: search(request, workspace_id=workspace, reader=author))  # noqa: B023
            embedding = _time(lambda: provider.embed_query(query))  # noqa: B023
            if not is_bare_first:
                bare, found = statement.search(query, vector, way=way, filters=given)
            approximate.append(found)
            for name, seconds in (("ours", ours), ("bare", bare), ("embedding", embedding)):
                measured[name].append(seconds)
        for query, vector, found in list(zip(queries, vectors, approximate, strict=True))[WARMING:][:RECALLED]:
            exact, right = statement.search(query, vector, way="exact", filters=given)
            measured["exact"].append(exact)
            measured["recall"].append([_share(found, right, most) for most in KEPT])
    for name in ("ours", "bare", "embedding"):
        del measured[name][:WARMING]
    measured["recall"] = np.mean(measured["recall"], axis=0).tolist()
    return measured


def _find_way(workspace: UUID, filters: Filters) -> tuple[str, int]:
    parameters = {**filter_parameters(filters), "subject_kind": "memory", "model": active_model().name}
    with workspace_scope(workspace):
        way = choose_way(
            workspace,
            visible="visible_memories",
            parameters=parameters,
            is_filtered=filters.projects is not None,
        )
        return way, find_ef_search(workspace, parameters)


def _time(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def _share(found: Sequence[Any], right: Sequence[Any], most: int) -> float:
    wanted = set(right[:most])
    return len(wanted & set(list(dict.fromkeys(found))[:most])) / max(len(wanted), 1)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump({name: ask_all(tenant, asked["queries"]) for name, tenant in asked["tenants"].items()}, sys.stdout)
