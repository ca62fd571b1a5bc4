"""A command on the installation that runs: with its settings, and refused when nothing runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from supastate.errors import ConfigurationError
from supastate.local.manage import FILE_NAME, keep_settings, run_command
from supastate.local.state import open_state

SETTINGS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_DISPATCH_URL", "REDIS_URL", "GRAPH_URL")


def test_a_command_runs_with_the_settings_of_what_runs(tmp_path: Path, django_db_setup: None) -> None:
    settings = {name: os.environ[name] for name in SETTINGS} | {"SUPASTATE_ENVIRONMENT": "local"}
    bare = {name: value for name, value in os.environ.items() if name not in settings}
    with open_state(tmp_path):
        keep_settings(tmp_path, settings)
        done = subprocess.run(
            [sys.executable, "-m", "supastate.local.manage", "--var", tmp_path, "audit", "--json"],
            env=bare,
            capture_output=True,
            text=True,
            check=True,
        )
    assert json.loads(done.stdout) == {"passed": True, "findings": []}
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_nothing_runs_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="make up"):
        run_command(tmp_path, ["audit"])
    keep_settings(tmp_path, {"REDIS_URL": "redis://127.0.0.1"})
    with open_state(tmp_path):
        pass
    with pytest.raises(ConfigurationError, match="Nothing runs on"):
        run_command(tmp_path, ["audit"])


def test_the_status_of_the_command_is_passed_on(tmp_path: Path, django_db_setup: None) -> None:
    with open_state(tmp_path):
        keep_settings(tmp_path, {"SUPASTATE_ENVIRONMENT": "test"})
        assert run_command(tmp_path, ["audit", "--workspace", "nowhere"]) == 1
