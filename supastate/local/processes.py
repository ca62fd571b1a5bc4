"""Supastate's own processes under one manager: `python -m supastate.local.processes LOG_FOLDER`.

Each writes its own log. When one ends, all end, and the last lines of its log are printed. SIGTERM drains:
every process is asked to stop and given the time that a worker's soft shutdown takes.
"""

from __future__ import annotations

import os
import shlex
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from honcho import manager  # type: ignore[import-untyped]
from honcho.manager import Manager  # type: ignore[import-untyped]
from honcho.printer import Printer  # type: ignore[import-untyped]

from supastate.local.service import LOOPBACK, read_last_lines

DRAIN_SECONDS = 45  # more than CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT; honcho's own 5 s would cut it short
_WORKER_CHILDREN = 2
_EXPRESS_QUEUE = "interactive"
_BEAT_SECONDS = 5


def list_commands(environment: Mapping[str, str]) -> dict[str, list[str]]:
    """Each process by name with its command line; ports come from the environment."""
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "supastate"]
    return {
        "web": [
            *(python, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "8", "--no-ws"),
            *("--host", LOOPBACK, "--port", environment["SUPASTATE_PORT"], "supastate.wsgi:application"),
        ],
        "live": [
            *(python, "-m", "granian", "--interface", "asgi", "--loop", "asyncio", "--no-ws"),
            *("--workers-kill-timeout", "10"),
            *("--host", LOOPBACK, "--port", environment["LIVE_PORT"], "supastate.asgi:application"),
        ],
        "dispatcher": [python, "manage.py", "dispatch"],
        # Niced, so that embedding a backlog does not slow the web process's answers.
        "worker": [
            *("nice", "-n", "10", *celery, "worker", "--exclude-queues", _EXPRESS_QUEUE),
            *("--concurrency", str(_WORKER_CHILDREN)),
        ],
        # For what somebody waits for: never behind a backfill, and not niced beside it.
        "express": [
            *(*celery, "worker", "--queues", _EXPRESS_QUEUE, "--concurrency", "1", "--hostname", "express@%h"),
        ],
        "beat": [*celery, "beat"],
        "flower": [*celery, "flower", f"--address={LOOPBACK}", f"--port={environment['FLOWER_PORT']}"],
    }


def run_processes(log_folder: Path) -> int:
    """Run them until one ends or SIGTERM comes; the exit status is 0 only after SIGTERM or SIGINT."""
    manager.KILL_WAIT = DRAIN_SECONDS
    processes = _LeaderManager(Printer(sys.stdout))
    for name, command in list_commands(os.environ).items():
        log = shlex.quote(str(log_folder / f"{name}.log"))
        processes.add_process(name, f"exec {shlex.join(command)} >> {log} 2>&1")
    processes.loop()
    if processes.returncode in {signal.SIGTERM + 128, signal.SIGINT + 128}:
        return 0
    for name in processes.list_failed():
        sys.stdout.write(f"{name} ended; its log ends with:\n{read_last_lines(log_folder / f'{name}.log')}\n")
    return 1


class _LeaderManager(Manager):  # type: ignore[misc]
    """A manager that asks only the leading process to stop.

    Honcho signals the whole group, and a worker's children die of SIGTERM in the midst of a task instead of
    finishing it.
    """

    def __init__(self, printer: Printer) -> None:
        super().__init__(printer)
        self._procmgr = _Leaders()

    def terminate(self) -> None:
        """Ask all to stop; beat, whose signal handler can fail in the midst of a query, soon by force."""
        super().terminate()
        beat = self._processes.get("beat", {}).get("pid")
        if beat is not None:
            timer = threading.Timer(_BEAT_SECONDS, self._procmgr.kill, [beat])
            timer.daemon = True
            timer.start()

    def list_failed(self) -> list[str]:
        """The processes that ended by themselves with an error."""
        return [name for name, state in self._processes.items() if state.get("returncode", 0) > 0]


class _Leaders:
    def terminate(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(run_processes(Path(sys.argv[1])))
