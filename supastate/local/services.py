"""The data services of an installation: each one whose URL the environment names is used, the rest are started."""

from __future__ import annotations

import os
from contextlib import ExitStack

from supastate.errors import ConfigurationError
from supastate.local.falkordb import start_falkordb
from supastate.local.model import ensure_model
from supastate.local.neo4j import start_neo4j
from supastate.local.postgres import start_postgres
from supastate.local.redis import start_redis
from supastate.local.service import RunningService
from supastate.local.state import LocalState
from supastate.workspaces.provisioning import (
    ROLE_VARIABLES,
    SUPERUSER_VARIABLE,
    provision,
)

GRAPHS = ("falkordb", "neo4j")


def start_services(state: LocalState, stack: ExitStack, *, graph: str) -> dict[str, str]:
    """Start what is missing, stop it when `stack` closes, and return the variables that the settings read."""
    return {
        **_provide_databases(state, stack),
        **_provide_broker(state, stack),
        **_provide_graph(state, stack, graph),
        **_provide_model(),
    }


def _provide_databases(state: LocalState, stack: ExitStack) -> dict[str, str]:
    given = {name: os.environ[name] for name in ROLE_VARIABLES.values() if os.environ.get(name)}
    if "DATABASE_URL" in given:
        missing = sorted({*ROLE_VARIABLES.values()} - given.keys())
        if missing:
            raise ConfigurationError(f"DATABASE_URL is set without {', '.join(missing)}: set all or none of them.")
        return given
    superuser_url = os.environ.get(SUPERUSER_VARIABLE)
    if superuser_url:
        passwords = {role: state.ensure_secret(f"{role.upper()}_PASSWORD") for role in ROLE_VARIABLES}
        return provision(superuser_url, database="supastate", passwords=passwords).as_environment()
    postgres = start_postgres(data_dir=state.find_folder("postgres"), log_path=state.find_log("postgres"))
    _stop_with(stack, postgres)
    return provision(postgres.url, database="supastate").as_environment()


def _provide_broker(state: LocalState, stack: ExitStack) -> dict[str, str]:
    given = os.environ.get("REDIS_URL")
    if given:
        return {"REDIS_URL": given}
    redis = start_redis(
        data_dir=state.find_folder("redis"),
        port=state.choose_port("REDIS_PORT"),
        log_path=state.find_log("redis"),
        password=state.ensure_secret("REDIS_PASSWORD"),
    )
    return {"REDIS_URL": _stop_with(stack, redis).url}


def _provide_graph(state: LocalState, stack: ExitStack, graph: str) -> dict[str, str]:
    given = os.environ.get("GRAPH_URL")
    if given:
        return {"GRAPH_URL": given}
    start, name = (start_neo4j, "NEO4J") if graph == "neo4j" else (start_falkordb, "FALKORDB")
    service = start(
        data_dir=state.find_folder(graph),
        port=state.choose_port(f"{name}_PORT"),
        log_path=state.find_log(graph),
        password=state.ensure_secret(f"{name}_PASSWORD"),
    )
    return {"GRAPH_URL": _stop_with(stack, service).url}


def _provide_model() -> dict[str, str]:
    return {"EMBEDDING_MODEL_DIR": os.environ.get("EMBEDDING_MODEL_DIR") or str(ensure_model())}


def _stop_with(stack: ExitStack, service: RunningService) -> RunningService:
    stack.callback(service.stop)
    return service
