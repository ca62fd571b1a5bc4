"""`python -m supastate.local.manage [--graph …] COMMAND …`: a `manage.py` command on the installation that runs.

A running installation keeps what its processes read as settings in `running.env` of its folder (mode 600).
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from supastate.errors import ConfigurationError
from supastate.local.services import GRAPHS
from supastate.local.state import choose_folder, is_running, read_values

ROOT = Path(__file__).parents[2]
FILE_NAME = "running.env"


def keep_settings(folder: Path, values: Mapping[str, str]) -> None:
    """Keep the settings of an installation that was started; readable by its owner alone."""
    path = folder / FILE_NAME
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(values.items())))


def run_command(folder: Path, command: Sequence[str]) -> int:
    """Run `manage.py COMMAND …` with the settings of the installation; return its exit status."""
    settings = read_values(folder / FILE_NAME)
    if not is_running(folder) or not settings:
        raise ConfigurationError(f"Nothing runs on {folder}: start it with `make up` and try again.")
    return subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *command], cwd=ROOT, env=os.environ | settings, check=False
    ).returncode


def main() -> int:
    """Run the command line; what is wrong is one sentence, never a traceback."""
    parser = argparse.ArgumentParser(prog="python -m supastate.local.manage", description=__doc__)
    parser.add_argument("--graph", choices=GRAPHS, default=GRAPHS[0])
    parser.add_argument("--var", type=Path, help="folder of the installation")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what manage.py is given")
    chosen = parser.parse_args()
    folder = chosen.var or choose_folder(ROOT, is_default=chosen.graph == GRAPHS[0], graph=chosen.graph)
    try:
        return run_command(folder.resolve(), chosen.command)
    except ConfigurationError as exc:
        sys.stderr.write(f"{exc.detail}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
