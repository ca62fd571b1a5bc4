"""What one installation keeps under `var/`: its folders, its ports, and its secrets in `local.env` (mode 600).

`local.env` is made of `NAME=value` lines that a shell can source. Secrets are made once; a port is kept from
run to run, and left for another free one if something else has taken it since.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shlex
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from supastate.errors import ConfigurationError
from supastate.local.service import LOOPBACK, find_free_port, require_room


class LocalState:
    """The folder `var/`; open it with `open_state`, which lets in one `make up` at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "local.env"
        self._values = read_values(self._path)

    @property
    def env_file(self) -> Path:
        return self._path

    def find_folder(self, name: str) -> Path:
        """The data folder of a service."""
        return self.folder / name

    def find_log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def keep(self, values: Mapping[str, str]) -> None:
        """Remember the values; the file is replaced in one step and never readable by others."""
        self._values |= values
        text = "".join(f"{name}={shlex.quote(value)}\n" for name, value in sorted(self._values.items()))
        unfinished = self._path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        unfinished.touch(mode=0o600)
        unfinished.write_text(text)
        unfinished.rename(self._path)

    def ensure_secret(self, name: str) -> str:
        """The secret of this name, made on first use."""
        found = self._values.get(name)
        if found is None:
            found = secrets.token_hex(24)
            self.keep({name: found})
        return found

    def choose_port(self, variable: str) -> int:
        """The port that the environment names, else the one kept, else a free one."""
        asked = os.environ.get(variable)
        if asked:
            return read_port(variable, asked)
        kept = self._values.get(variable)
        if kept and _is_free(int(kept)):
            return int(kept)
        port = find_free_port()
        self.keep({variable: str(port)})
        return port


@contextmanager
def open_state(folder: Path) -> Iterator[LocalState]:
    """Hold `var/` alone. Raises `ConfigurationError` while another process holds it."""
    require_room(folder)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise ConfigurationError(f"Supastate already runs on {folder}: stop it first (Ctrl-C).") from exc
        yield LocalState(folder)


def is_running(folder: Path) -> bool:
    """Whether a process holds the folder."""
    if not (folder / "lock").exists():
        return False
    with (folder / "lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def choose_folder(root: Path, *, graph: str, is_default: bool) -> Path:
    """One installation a graph: what Postgres holds as written to the graph is in that one and in no other."""
    return root / "var" if is_default else root / "var" / graph


def read_port(variable: str, value: str) -> int:
    """A port out of the environment."""
    if not value.isdecimal() or not 0 < int(value) < 65_536:
        raise ConfigurationError(f"{variable} is {value!r}; it must be a port between 1 and 65535.")
    return int(value)


def read_values(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file; none if there is no such file."""
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text().splitlines() if "=" in line)
    return {name: "".join(shlex.split(value)) for name, _, value in pairs}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((LOOPBACK, port)) != 0
