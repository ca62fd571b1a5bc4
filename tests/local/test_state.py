"""`var/` keeps ports and secrets from run to run, out of others' sight, and lets in one run at a time."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest

from supastate.errors import ConfigurationError
from supastate.local.state import open_state


def test_secrets_and_ports_are_the_same_in_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_PORT", raising=False)
    with open_state(tmp_path) as state:
        first = state.ensure_secret("FLOWER_PASSWORD"), state.choose_port("REDIS_PORT")
    with open_state(tmp_path) as state:
        assert (state.ensure_secret("FLOWER_PASSWORD"), state.choose_port("REDIS_PORT")) == first
    assert len(first[0]) == 48


def test_a_kept_port_that_was_taken_since_is_left_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REDIS_PORT", raising=False)
    with open_state(tmp_path) as state, socket.socket() as other:
        other.bind(("127.0.0.1", state.choose_port("REDIS_PORT")))
        other.listen()
        taken = other.getsockname()[1]
        assert state.choose_port("REDIS_PORT") not in {taken, 0}


def test_a_port_in_the_environment_wins_and_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_state(tmp_path) as state:
        monkeypatch.setenv("REDIS_PORT", "7001")
        assert state.choose_port("REDIS_PORT") == 7001
        monkeypatch.setenv("REDIS_PORT", "99999")
        with pytest.raises(ConfigurationError, match="REDIS_PORT is '99999'"):
            state.choose_port("REDIS_PORT")


def test_a_shell_reads_what_was_kept_and_others_do_not(tmp_path: Path) -> None:
    value = 'it\'s $HOME "quoted" = odd'
    with open_state(tmp_path) as state:
        state.keep({"SUPASTATE_API_KEY": value})
        assert state.env_file.stat().st_mode & 0o777 == 0o600
    with open_state(tmp_path) as state:
        assert state.get("SUPASTATE_API_KEY") == value
    shown = subprocess.run(
        ["/bin/sh", "-c", f'. {tmp_path}/local.env; printf %s "$SUPASTATE_API_KEY"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout == value


def test_a_second_run_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with (
        open_state(tmp_path),
        pytest.raises(ConfigurationError, match="already runs"),
        open_state(tmp_path),
    ):
        pass
