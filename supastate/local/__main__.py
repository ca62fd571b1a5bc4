"""`python -m supastate.local up|demo|setup [--graph falkordb|neo4j]`; the Makefile calls it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from supastate.errors import ConfigurationError
from supastate.local.model import ensure_model
from supastate.local.neo4j import ensure_jars
from supastate.local.services import GRAPHS
from supastate.local.state import choose_folder
from supastate.local.up import ROOT, run


def main() -> int:
    """Run the command line; what is wrong is one sentence, never a traceback."""
    parser = argparse.ArgumentParser(prog="python -m supastate.local", description=__doc__)
    parser.add_argument("command", choices=("up", "demo", "setup"), help="up stays, demo stops by itself")
    parser.add_argument("--graph", choices=GRAPHS, default=GRAPHS[0])
    parser.add_argument("--var", type=Path, help="folder of data, logs and local.env")
    chosen = parser.parse_args()
    console = Console()
    try:
        if chosen.command == "setup":
            return _set_up(console)
        folder = chosen.var or choose_folder(ROOT, graph=chosen.graph, is_default=chosen.graph == GRAPHS[0])
        return run(folder, graph=chosen.graph, stay=chosen.command == "up", console=console)
    except ConfigurationError as exc:
        console.print(exc.detail, style="red", markup=False, highlight=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        return 0 if chosen.command == "up" else 130


def _set_up(console: Console) -> int:
    """Fetch what the tests need; a machine without Java tests without Neo4j."""
    ensure_model()
    try:
        ensure_jars()
    except ConfigurationError as exc:
        console.print(f"Tests will go without Neo4j. {exc.detail}", markup=False, highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
