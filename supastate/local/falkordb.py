"""FalkorDB as graph: a Redis process of its own, so that a query that ends it leaves the broker alone."""

from __future__ import annotations

import os
from pathlib import Path

import redis

from supastate.local.redis import find_binary, start_redis_server
from supastate.local.service import RunningService

_VARIABLE = "GRAPH_URL"


def start_falkordb(*, data_dir: Path, port: int, log_path: Path, password: str | None = None) -> RunningService:
    """Start the graph store on 127.0.0.1:`port`, saved to `data_dir`; the URL's scheme is `falkor`."""
    # Redis resolves a relative module path against its own working folder, so the path is absolute.
    module = find_binary("get_falkordb_module", variable=_VARIABLE)
    return start_redis_server(
        name="FalkorDB",
        scheme="falkor",
        data_dir=data_dir,
        port=port,
        log_path=log_path,
        password=password,
        settings=(
            f'loadmodule "{module}" THREAD_COUNT {os.cpu_count() or 2} OMP_THREAD_COUNT 1',
            "save 60 1",
            "appendonly no",
        ),
        variable=_VARIABLE,
        answers=_lists_graphs,
    )


def _lists_graphs(client: redis.Redis) -> bool:
    answer = client.execute_command("GRAPH.LIST")  # type: ignore[no-untyped-call]
    return isinstance(answer, list)
