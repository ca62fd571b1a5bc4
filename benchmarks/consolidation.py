"""What a cycle of consolidation costs: a million memories, the first time and a day later.

Started by itself as a module, it is the process that does the cycles, as a worker would.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from benchmarks.harness import Figure
from benchmarks.installation import run_web_alone

NAME = "consolidation"
MEMORIES = 1_000_000
DAYS = (0, 1)
_SQL = Path(__file__).parent / "sql"


def measure() -> list[Figure]:
    """Seconds of each cycle, and the most memory of the process that does them."""
    with run_web_alone() as running, running.connect_as_owner() as connection:
        workspace = running.find_workspace()
        author = connection.execute("SELECT author_id FROM workspaces_apikey LIMIT 1").fetchone()
        connection.execute("ALTER TABLE processing_memory DISABLE TRIGGER USER")
        parameters = {"workspace": workspace, "author": author and author[0], "count": MEMORIES}
        connection.execute((_SQL / "add_old_memories.sql").read_bytes(), parameters)
        connection.execute("ALTER TABLE processing_memory ENABLE TRIGGER USER")
        connection.execute("ANALYZE processing_memory, processing_memoryaccess")
        told = running.run_python("-m", "benchmarks.consolidation", workspace)
    return [
        *(
            Figure(NAME, f"{MEMORIES:,} memories, cycle {number}", seconds, "s", "minutes")
            for number, seconds in enumerate(told["seconds"], start=1)
        ),
        Figure(NAME, "most memory of the process", told["peak"], "MB", "bounded"),
    ]


def consolidate_daily(workspace: UUID) -> None:
    """Do a cycle for each of `DAYS` and print what it took."""
    import django  # the environment comes first

    django.setup()
    from processing.dynamics.consolidating import consolidate

    now, seconds = datetime.now(UTC), []
    for day in DAYS:
        began = time.perf_counter()
        if consolidate(workspace, moment=now + timedelta(days=day)) != MEMORIES:
            raise RuntimeError("The cycle did not take in every memory.")
        seconds.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": peak}) + "\n")


if __name__ == "__main__":
    consolidate_daily(UUID(sys.argv[1]))
