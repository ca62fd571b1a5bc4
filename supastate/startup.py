"""What web, worker and dispatcher refuse to start with: each fault is a sentence that says what to set.

The settings refuse by themselves what one variable can get wrong (an unknown provider, a missing key). Here is
what only shows when values are seen together or when the services are asked. A service that is away is not
judged: whoever needs it says so, and the rows wait.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from supastate.errors import ConfigurationError
from supastate.workspaces.provisioning import OLDEST_PGVECTOR
from supastate.workspaces.roles import require_restrained_role

PAID_MODELS = (
    "SELECT name FROM processing_embeddingmodel WHERE state <> 'retired' AND provider = 'openai' ORDER BY 1"
)
PGVECTOR = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
REDIS_TIMEOUT_SECONDS = 1.0
REDIS_PORT = 6379
NO_KEY = "none"
KEEPING_POLICY = "noeviction"
GRAPH_SCHEMES_OF_REDIS = ("falkor", "falkors")


def refuse_bad_configuration() -> None:
    """End the process with one sentence if something is wrong. Celery's signals swallow every other exception."""
    try:
        require_sound_configuration()
    except ConfigurationError as exc:
        raise SystemExit(exc.detail) from exc


def require_sound_configuration() -> None:
    """Raise ConfigurationError for the first fault."""
    require_outliving_lease()
    require_separate_redis(broker=settings.REDIS_URL, graph=settings.GRAPH_URL)
    require_keeping_broker()
    require_restrained_role()
    require_pgvector(_read_pgvector())
    require_key_of_models()


def require_outliving_lease() -> None:
    """A lease that ends before its task is killed gives the task's rows to a second worker.

    Tests are free to: they shorten leases to see rows taken over.
    """
    lease, limit = settings.QUEUE_LEASE_SECONDS, settings.CELERY_TASK_TIME_LIMIT
    if lease <= limit and settings.ENVIRONMENT != "test":
        raise ConfigurationError(
            f"QUEUE_LEASE_SECONDS is {lease}, and a task may run for {limit} s: set it to {limit + 30} or more."
        )


def require_separate_redis(*, broker: str, graph: str) -> None:
    """One bad graph query can end its server: the broker must not go with it."""
    if urlsplit(graph).scheme in GRAPH_SCHEMES_OF_REDIS and _find_address(broker) == _find_address(graph):
        host, port = _find_address(broker)
        raise ConfigurationError(
            f"REDIS_URL and GRAPH_URL both name {host}:{port}:"
            " run FalkorDB as a process of its own and set GRAPH_URL to it."
        )


def require_keeping_broker() -> None:
    """A broker that evicts loses hints, budgets and the breaker's state without a word."""
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=REDIS_TIMEOUT_SECONDS,
            socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        ) as broker:
            policy = broker.info("memory").get("maxmemory_policy", KEEPING_POLICY)
    except redis.RedisError:
        return
    if policy != KEEPING_POLICY:
        raise ConfigurationError(
            f"The Redis of REDIS_URL evicts keys (maxmemory-policy {policy}): set its policy to {KEEPING_POLICY}."
        )


def require_pgvector(version: str | None) -> None:
    """Judge the installed version; "" stands for one that could not be asked for."""
    wanted = ".".join(map(str, OLDEST_PGVECTOR))
    if version is None:
        raise ConfigurationError(
            "The database of DATABASE_URL has no pgvector: run `python -m supastate.workspaces.provisioning`."
        )
    if version and tuple(int(part) for part in version.split(".")[:2]) < OLDEST_PGVECTOR:
        raise ConfigurationError(
            f"The database of DATABASE_URL has pgvector {version}, and {wanted} or later is needed:"
            " install it and run ALTER EXTENSION vector UPDATE."
        )


def require_key_of_models() -> None:
    """A model that is searched or filled needs its provider's key, whatever EMBEDDING_PROVIDER says."""
    if settings.OPENAI_API_KEY != NO_KEY:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(PAID_MODELS)
            row = cursor.fetchone()
    except (OperationalError, ProgrammingError):  # away, or not migrated yet
        return
    if row is not None:
        raise ConfigurationError(
            f"The embedding model {row[0]} is in use and OPENAI_API_KEY is not set: set it, or activate another"
            " model and retire this one (manage.py embedding_model)."
        )


def _read_pgvector() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(PGVECTOR)
            row = cursor.fetchone()
    except OperationalError:
        return ""
    return None if row is None else str(row[0])


def _find_address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    host = parts.hostname or "127.0.0.1"
    return "127.0.0.1" if host in {"localhost", "::1"} else host, parts.port or REDIS_PORT
