"""What a user reads when `make up` cannot start: one sentence that says what to do, and a failing status."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from supastate.local.demo import list_source
from supastate.local.service import find_free_port
from supastate.local.state import open_state
from supastate.local.up import ROOT


def _run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.endswith(("_URL", "_PORT"))}
    return subprocess.run(
        [sys.executable, "-m", "supastate.local", "demo", "--var", str(folder)],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


PORTS = ("SUPASTATE_PORT", "LIVE_PORT", "FLOWER_PORT")


def _choose_ports() -> dict[str, str]:
    return {name: str(find_free_port()) for name in PORTS}


@pytest.mark.parametrize("variable", PORTS)
def test_a_taken_port_is_one_sentence_and_starts_nothing(tmp_path: Path, variable: str) -> None:
    ports = _choose_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(ports[variable])))
        taken.listen()
        done = _run(tmp_path, **ports)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"Port {ports[variable]} for" in done.stdout
    assert f"{variable}={int(ports[variable]) + 1} make up" in done.stdout
    assert not (tmp_path / "postgres").exists()


def test_a_second_run_is_told_that_the_first_holds_the_folder(tmp_path: Path) -> None:
    with open_state(tmp_path):
        done = _run(tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "already runs" in done.stdout


def test_half_given_database_urls_are_named(tmp_path: Path) -> None:
    done = _run(tmp_path, DATABASE_URL="postgresql://supastate_app@db/supastate", **_choose_ports())
    assert (done.returncode, done.stderr) == (1, "")
    assert "DATABASE_URL is set without DATABASE_DISPATCH_URL, DATABASE_OWNER_URL" in done.stdout


def test_source_is_what_a_person_wrote_here() -> None:
    names = {path.as_posix() for path in list_source(ROOT)}
    assert {"supastate/local/demo.py", "supastate/workspaces/sql/provision.sql"} <= names
    assert not any(name.startswith((".venv/", "var/", ".git/", "tests/")) or "/vendor/" in name for name in names)


def test_source_is_found_without_git(tmp_path: Path) -> None:
    for name in (
        "app/main.py",
        "app/query.sql",
        "var/log/x.py",
        ".venv/lib/y.py",
        "static/vendor/z.js",
        "data.bin",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [path.as_posix() for path in list_source(tmp_path)] == ["app/main.py", "app/query.sql"]
