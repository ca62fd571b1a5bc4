"""Bad configuration refuses to start, in all four processes, with a sentence that says what to set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import redis

from supastate.errors import ConfigurationError
from supastate.local.service import find_free_port
from supastate.startup import (
    require_keeping_broker,
    require_outliving_lease,
    require_pgvector,
    require_separate_redis,
    require_sound_configuration,
)

ROOT = Path(__file__).parent.parent
COMMANDS = {
    "web": ["-c", "import supastate.wsgi"],
    "live": ["-c", "import supastate.asgi"],
    "worker": ["-m", "celery", "-A", "supastate", "worker", "--concurrency", "1"],
    "dispatcher": ["manage.py", "dispatch"],
}


def start(process: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *COMMANDS[process]],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("process", COMMANDS)
def test_every_process_ends_with_the_sentence(process: str, redis_url: str, django_db_setup: None) -> None:
    ended = start(process, SUPASTATE_ENVIRONMENT="local", QUEUE_LEASE_SECONDS="300")
    assert ended.returncode == 1
    said = "QUEUE_LEASE_SECONDS is 300, and a task may run for 300 s: set it to 330 or more."
    assert ended.stderr.splitlines()[-1] == said


@pytest.mark.parametrize("process", COMMANDS)
def test_every_process_refuses_a_role_that_row_security_does_not_hold(
    process: str, redis_url: str, django_db_setup: None
) -> None:
    ended = start(process, DATABASE_URL=os.environ["DATABASE_OWNER_URL"])
    assert ended.returncode == 1
    assert "'supastate_owner', which bypasses row-level security" in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"EMBEDDING_PROVIDER": "magic"}, "EMBEDDING_PROVIDER is 'magic'; it must be one of: local, openai."),
        ({"EMBEDDING_PROVIDER": "openai", "OPENAI_API_KEY": ""}, "OPENAI_API_KEY is not set."),
        ({"SEARCH_RERANK": "magic"}, "SEARCH_RERANK is 'magic'; it must be one of: off, openai."),
        ({"SEARCH_RERANK": "openai", "OPENAI_API_KEY": ""}, "OPENAI_API_KEY is not set."),
        ({"SUMMARY_METHOD": "magic"}, "SUMMARY_METHOD is 'magic'; it must be one of: extractive, openai."),
        ({"SUMMARY_METHOD": "openai", "OPENAI_API_KEY": ""}, "OPENAI_API_KEY is not set."),
        ({"SEARCH_RERANK_CANDIDATES": "1"}, "SEARCH_RERANK_CANDIDATES is 1; it must be between 2 and 100."),
    ],
)
def test_an_unknown_provider_and_a_missing_key_are_refused(environment: dict[str, str], sentence: str) -> None:
    ended = start("web", **environment)
    assert ended.returncode == 1
    assert sentence in ended.stderr.splitlines()[-1]


def test_a_sound_configuration_starts(db: None, redis_url: str, falkordb_url: str) -> None:
    require_sound_configuration()


def test_only_tests_may_have_a_lease_that_ends_before_its_task(settings: Any) -> None:
    settings.QUEUE_LEASE_SECONDS = 5
    require_outliving_lease()
    settings.ENVIRONMENT = "production"
    with pytest.raises(ConfigurationError, match="QUEUE_LEASE_SECONDS is 5"):
        require_outliving_lease()
    settings.QUEUE_LEASE_SECONDS = 301
    require_outliving_lease()


@pytest.mark.parametrize(
    ("broker", "graph"),
    [
        ("redis://:secret@127.0.0.1:7000/0", "falkor://127.0.0.1:7000"),
        ("redis://localhost", "falkor://127.0.0.1:6379"),
        ("rediss://cache.example.org:7000/1", "falkors://ada:secret@CACHE.example.org:7000"),
    ],
)
def test_broker_and_graph_on_one_redis_are_refused(broker: str, graph: str) -> None:
    with pytest.raises(ConfigurationError, match="set GRAPH_URL") as refused:
        require_separate_redis(broker=broker, graph=graph)
    assert "secret" not in refused.value.detail


@pytest.mark.parametrize("graph", ["falkor://127.0.0.1:7001", "falkor://graph:7000", "bolt://127.0.0.1:7000"])
def test_a_graph_of_its_own_is_fine(graph: str) -> None:
    require_separate_redis(broker="redis://127.0.0.1:7000/0", graph=graph)


def test_a_broker_that_evicts_is_refused(redis_url: str) -> None:
    require_keeping_broker()
    with redis.Redis.from_url(redis_url) as broker:
        broker.config_set("maxmemory-policy", "allkeys-lru")
        try:
            with pytest.raises(ConfigurationError, match="maxmemory-policy allkeys-lru"):
                require_keeping_broker()
        finally:
            broker.config_set("maxmemory-policy", "noeviction")


def test_a_broker_that_is_away_is_not_judged(settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{find_free_port()}/0"
    require_keeping_broker()


def test_an_old_or_missing_pgvector_is_refused() -> None:
    for version in ("0.8.0", "0.8.1", "0.10.2", "1.0", ""):
        require_pgvector(version)
    with pytest.raises(ConfigurationError, match=r"pgvector 0\.7\.4, and 0\.8 or later is needed"):
        require_pgvector("0.7.4")
    with pytest.raises(ConfigurationError, match="has no pgvector"):
        require_pgvector(None)
