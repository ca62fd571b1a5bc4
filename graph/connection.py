"""This process's way to the graph store that the settings name."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from graph.store import GraphStore, connect
from supastate.workspaces.scope import require_outside_scope


def graph_store() -> GraphStore:
    """Return the store. Refused inside a workspace's transaction, which a slow store would hold open."""
    require_outside_scope("The graph store")
    return _connect(settings.GRAPH_URL)


@cache
def _connect(url: str) -> GraphStore:
    return connect(url)
