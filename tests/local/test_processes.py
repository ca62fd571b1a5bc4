"""The process manager: each process has its log, one that ends takes all with it, and SIGTERM drains."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from supastate.local.processes import list_commands

_MANAGE = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from supastate.local import processes
    processes.list_commands = lambda _environment: {commands!r}
    sys.exit(processes.run_processes(Path({folder!r})))
    """
)


def _start(folder: Path, commands: dict[str, list[str]]) -> subprocess.Popen[str]:
    script = _MANAGE.format(commands=commands, folder=str(folder))
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)


def test_a_process_that_ends_ends_all_and_shows_its_last_words(tmp_path: Path) -> None:
    with _start(
        tmp_path,
        {"steady": ["sleep", "60"], "failing": ["sh", "-c", "echo no broker here; exit 7"]},
    ) as manager:
        printed, _ = manager.communicate(timeout=30)
    assert manager.returncode == 1
    assert "failing ended; its log ends with:\nno broker here" in printed
    assert "steady ended" not in printed
    assert (tmp_path / "failing.log").read_text() == "no broker here\n"


def test_sigterm_lets_a_process_finish_and_spares_its_children(tmp_path: Path) -> None:
    """A worker's child must not be killed by the signal meant for the worker: it finishes its task."""
    fifo = tmp_path / "started"
    subprocess.run(["mkfifo", fifo], check=True)
    worker = textwrap.dedent(
        f"""
        import signal, subprocess, time
        child = subprocess.Popen(["sh", "-c", "read task && echo child finished $task"], stdin=subprocess.PIPE)
        def drain(*_):
            child.communicate(b"its task\\n")
            raise SystemExit(0)
        signal.signal(signal.SIGTERM, drain)
        open({str(fifo)!r}, "w").write("ready")
        while True:
            time.sleep(0.1)  # pause() would miss a signal that comes just before it
        """
    )
    with _start(tmp_path, {"worker": [sys.executable, "-c", worker]}) as manager:
        assert fifo.read_text() == "ready"
        manager.send_signal(signal.SIGTERM)
        manager.communicate(timeout=30)
    assert manager.returncode == 0
    assert (tmp_path / "worker.log").read_text() == "child finished its task\n"


@pytest.mark.parametrize("name", ["web", "live", "flower"])
def test_what_listens_listens_on_loopback_only(name: str) -> None:
    command = " ".join(list_commands({"SUPASTATE_PORT": "8000", "LIVE_PORT": "8010", "FLOWER_PORT": "5555"})[name])
    assert "127.0.0.1" in command
    assert "0.0.0.0" not in command
