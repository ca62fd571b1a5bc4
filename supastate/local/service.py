"""A service as a child process: started in its own session, waited for, stopped, never left behind.

Its own session keeps Ctrl-C in the terminal from reaching a data service before the workers that use it
have drained. A watchdog holds the other end of a pipe: when this process dies, even by SIGKILL, the pipe
closes and the watchdog stops the service.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from pwd import struct_passwd
from typing import Any

from supastate.errors import ConfigurationError

LOOPBACK = "127.0.0.1"
_POLL_SECONDS = 0.05
_WATCHDOG = 'read -r _ || kill -s "$1" "$2"'
_NEEDED_MEGABYTES = 300


@dataclass(frozen=True)
class RunningService:
    """A healthy service: its URL, and the process that is the service."""

    name: str
    url: str = field(repr=False)  # it carries the password
    process: subprocess.Popen[bytes]
    log_path: Path
    watchdog: subprocess.Popen[bytes]
    stop_signal: signal.Signals = signal.SIGTERM

    def stop(self, *, timeout: float = 30) -> None:
        """End the service in its own orderly way, by force after `timeout` seconds. Twice is harmless."""
        self._dismiss_watchdog()
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _close_stdin(self.process)

    def _dismiss_watchdog(self) -> None:
        """End the watchdog before its pipe closes, or it would signal a process id that may be reused."""
        self.watchdog.kill()
        self.watchdog.wait()
        _close_stdin(self.watchdog)


def start_service(
    *,
    name: str,
    url: str,
    command: Sequence[str | Path],
    is_healthy: Callable[[], bool],
    log_path: Path,
    working_directory: Path,
    environment: dict[str, str] | None = None,
    account: struct_passwd | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    timeout: float = 60,
) -> RunningService:
    """Run `command` with its output appended to `log_path`, and return once `is_healthy` says so.

    `account` is the user to run as, for a server that refuses root. Raises `ConfigurationError` with the
    last lines of the log when the process ends or is not healthy within `timeout` seconds.
    """
    process = _launch(command, log_path, working_directory, environment, account)
    watchdog = subprocess.Popen(  # noqa: S603
        ["/bin/sh", "-c", _WATCHDOG, "watchdog", stop_signal.name.removeprefix("SIG"), str(process.pid)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    service = RunningService(name, url, process, log_path, watchdog, stop_signal)
    try:
        _wait_until_healthy(service, is_healthy, timeout)
    except BaseException:
        service.stop(timeout=5)
        raise
    return service


def choose_account(account: struct_passwd | None) -> dict[str, Any]:
    """What `subprocess` needs to run as this user, without the groups of the one who calls."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def require_room(folder: Path) -> None:
    """Create `folder` and refuse a disk that is nearly full, before a server half-writes its files there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free // 2**20
    except OSError as exc:
        raise ConfigurationError(f"{folder} cannot be written ({exc.strerror}): make it writable.") from exc
    if free < _NEEDED_MEGABYTES:
        raise ConfigurationError(
            f"The disk of {folder} has {free} MB left and Supastate needs {_NEEDED_MEGABYTES} MB: make room."
        )


def require_free_port(port: int, *, name: str, remedy: str) -> None:
    """Refuse a port that something else listens on; `remedy` says which setting changes it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as exc:
            reason = "is taken" if exc.errno == errno.EADDRINUSE else f"cannot be used ({exc.strerror})"
            raise ConfigurationError(f"Port {port} for {name} {reason}: {remedy}.") from exc


def find_free_port() -> int:
    """A loopback port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def read_last_lines(path: Path, count: int = 15) -> str:
    """The end of a log, for a person to read."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])


def _launch(
    command: Sequence[str | Path],
    log_path: Path,
    working_directory: Path,
    environment: dict[str, str] | None,
    account: struct_passwd | None,
) -> subprocess.Popen[bytes]:
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("ab") as log:
        return subprocess.Popen(  # noqa: S603
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=working_directory,
            env=os.environ | (environment or {}),
            start_new_session=True,
            **choose_account(account),
        )


def _wait_until_healthy(service: RunningService, is_healthy: Callable[[], bool], timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while not is_healthy():
        status = service.process.poll()
        if status is not None:
            raise ConfigurationError(_describe_failure(service, f"ended with status {status}"))
        if time.monotonic() > deadline:
            raise ConfigurationError(_describe_failure(service, f"was not ready within {timeout:.0f} s"))
        time.sleep(_POLL_SECONDS)


def _describe_failure(service: RunningService, what: str) -> str:
    log = service.log_path
    return f"{service.name} {what}: see {log}, which ends with:\n{read_last_lines(log)}"


def _close_stdin(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()
