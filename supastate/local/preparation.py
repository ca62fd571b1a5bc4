"""What an installation needs before its processes start: the schema, and the workspace `demo` with its key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from supastate.errors import ConfigurationError
from supastate.local.service import read_last_lines
from supastate.local.state import LocalState

_WORKSPACE = "demo"
_STUDIO_USER = "admin"


def migrate(root: Path, state: LocalState, environment: Mapping[str, str]) -> None:
    """Bring the schema and the indexes of vectors up to date, as their owner."""
    _run_command(root, state, environment, ["migrate", "--database", "owner", "--no-input"])
    _run_command(root, state, environment, ["embedding_model", "index"])


def ensure_workspace(root: Path, state: LocalState, environment: Mapping[str, str]) -> bool:
    """Make the workspace, its key and its Studio user unless they exist; whether they were made just now."""
    command = ["create_workspace", _WORKSPACE, "--studio-user", _STUDIO_USER, "--environment", "local", "--json"]
    answer = json.loads(_run_command(root, state, environment, command))
    if "apiKey" in answer:
        state.keep(
            {
                "SUPASTATE_API_KEY": answer["apiKey"],
                "SUPASTATE_STUDIO_USER": answer["studioUser"],
                "SUPASTATE_STUDIO_PASSWORD": answer.get("studioPassword", "as it was"),
            }
        )
        return True
    if state.get("SUPASTATE_API_KEY") is None:
        raise ConfigurationError(
            f"The workspace {_WORKSPACE} exists, but {state.env_file} has lost its key: put the file back, or "
            f"remove {state.folder} to begin anew."
        )
    return False


def _run_command(root: Path, state: LocalState, environment: Mapping[str, str], command: list[str]) -> str:
    """What `manage.py` printed; its errors go to a log, whose end is shown when it fails."""
    log_path = state.find_log(command[0])
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("w") as log:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *command],
            cwd=root,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        raise ConfigurationError(
            f"`manage.py {command[0]}` failed: {log_path} ends with:\n{read_last_lines(log_path)}"
        )
    return done.stdout
