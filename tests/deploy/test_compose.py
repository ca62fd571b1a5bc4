"""The production shape starts what the other tests ran against: same versions, settings and commands."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from typing import Any

import neo4j
import psycopg
import pytest
import redis

from supastate.local import neo4j as local_neo4j
from supastate.local.postgres import CLUSTER_OPTIONS, LOG_SETTINGS
from supastate.local.processes import DRAIN_SECONDS, list_commands
from supastate.local.service import LOOPBACK
from supastate.workspaces.provisioning import ROLE_VARIABLES, SUPERUSER_VARIABLE
from tests.deploy.compose import (
    APPLICATION,
    ROOT,
    SERVICES,
    fill_environment,
    list_published_ports,
    list_variables,
    make_secrets,
)

OTHERS_VARIABLES = {"FLOWER_BASIC_AUTH", "REMAP_SIGTERM"}  # Flower's and Celery's own
ONE_SHOT = {"provision", "migrate"}
LOCAL_PORTS = {"SUPASTATE_PORT": "8000", "LIVE_PORT": "8010", "FLOWER_PORT": "5555"}


def _list_settings_read() -> set[str]:
    """The names that `supastate/settings` reads from the environment."""
    tree = ast.parse((ROOT / "supastate" / "settings" / "__init__.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    readers = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id.startswith("read_")]
    return {call.args[0].value for call in readers if isinstance(call.args[0], ast.Constant)}  # type: ignore[misc]


def _read_broker_settings() -> dict[str, str]:
    script = SERVICES["redis"]["command"][-1]
    lines = script.split("<<SETTINGS\n")[1].split("SETTINGS")[0].splitlines()
    return dict(line.split(" ", 1) for line in lines)


def _broker(redis_url: str) -> redis.Redis:
    return redis.Redis.from_url(redis_url, decode_responses=True)


def test_postgres_and_pgvector_are_the_versions_under_test() -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        major = connection.info.server_version // 10_000
        row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    assert row is not None
    assert SERVICES["postgres"]["image"] == f"pgvector/pgvector:{row[0]}-pg{major}"


def test_postgres_is_set_up_and_logs_as_the_embedded_one() -> None:
    options = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert tuple(options.split()) == CLUSTER_OPTIONS
    program, *flags = SERVICES["postgres"]["command"]
    assert program == "postgres"
    assert flags == [part for name, value in LOG_SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        found = {name: connection.execute(f"SHOW {name}").fetchone() for name in LOG_SETTINGS}
    assert found == {name: (value,) for name, value in LOG_SETTINGS.items()}


def test_redis_is_the_version_under_test_and_refuses_rather_than_drops(redis_url: str) -> None:
    broker = _broker(redis_url)
    assert SERVICES["redis"]["image"] == f"redis:{broker.info('server')['redis_version']}"
    settings = _read_broker_settings()
    assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": settings["maxmemory-policy"]}
    assert broker.config_get("maxmemory") == {
        "maxmemory": str(int(settings["maxmemory"].removesuffix("mb")) * 2**20)
    }
    assert settings["maxmemory-policy"] == "noeviction"
    assert settings["appendonly"] == "yes"


def test_neo4j_is_the_version_and_has_the_settings_under_test(neo4j_url: str) -> None:
    given = dict(SERVICES["neo4j"]["environment"])
    assert given.pop("NEO4J_AUTH").startswith("neo4j/${NEO4J_PASSWORD:?")
    settings = {_read_setting_name(variable): value for variable, value in given.items()}
    login, address = neo4j_url.removeprefix("bolt://").split("@")
    user, password = login.split(":")
    with neo4j.GraphDatabase.driver(f"bolt://{address}", auth=(user, password)) as driver:
        (server,), _, _ = driver.execute_query("CALL dbms.components() YIELD versions, edition")
        found, _, _ = driver.execute_query("SHOW SETTINGS YIELD name, value")
    values: dict[str, Any] = {record["name"]: record["value"] for record in found}
    assert SERVICES["neo4j"]["image"] == f"neo4j:{server['versions'][0]}-{server['edition']}"
    assert server["versions"] == [local_neo4j.VERSION]
    assert set(settings) - set(values) == set()
    no_files = "dbms.security.allow_csv_import_from_file_urls"
    assert settings[no_files] == values[no_files] == "false"
    page_cache = settings["server.memory.pagecache.size"]
    assert f"{float(page_cache.removesuffix('m')):.2f}MiB" == values["server.memory.pagecache.size"]
    assert settings["server.memory.heap.max_size"] == local_neo4j.HEAP


def _read_setting_name(variable: str) -> str:
    """As the image reads it: one underline is a dot, two are an underline."""
    parts = variable.removeprefix("NEO4J_").split("__")
    return "_".join(part.replace("_", ".") for part in parts)


@pytest.mark.parametrize("name", ["web", "live", "dispatcher", "worker", "beat", "flower"])
def test_a_process_is_started_as_it_is_locally(name: str) -> None:
    local = list_commands(LOCAL_PORTS)[name]
    expected = [part.replace(sys.executable, "python").replace(LOOPBACK, "0.0.0.0") for part in local]
    assert SERVICES[name]["command"] == expected


def test_every_process_of_the_local_manager_is_a_service() -> None:
    assert set(list_commands(LOCAL_PORTS)) == set(APPLICATION) - ONE_SHOT


def test_the_image_starts_the_web_process_unless_told_otherwise() -> None:
    dockerfile = (ROOT / "supastate" / "deploy" / "Dockerfile").read_text()
    assert ast.literal_eval(dockerfile.split("\nCMD ")[1].strip()) == SERVICES["web"]["command"]


@pytest.mark.parametrize("service", APPLICATION)
def test_every_variable_is_one_that_something_reads(service: str) -> None:
    known = _list_settings_read() | set(ROLE_VARIABLES.values()) | {SUPERUSER_VARIABLE} | OTHERS_VARIABLES
    assert set(SERVICES[service]["environment"]) - known == set()


def test_no_secret_has_a_default_and_none_is_written_down() -> None:
    secrets = [item for item in list_variables() if re.search("PASSWORD|SECRET|AUTH|KEY", item[0])]
    required = {name for name, kind, _ in secrets if kind == "?"}
    assert required >= {"SUPASTATE_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "NEO4J_PASSWORD"}
    assert required >= {"APP_PASSWORD", "OWNER_PASSWORD", "DISPATCHER_PASSWORD", "SQL_RUNNER_PASSWORD"}
    assert [item for item in secrets if item[1] != "?" or not item[2]] == [("OPENAI_API_KEY", "-", "")]


def test_each_role_gets_the_password_that_is_meant_for_it() -> None:
    environment = fill_environment("provision", make_secrets())
    urls = {role: psycopg.conninfo.conninfo_to_dict(environment[name]) for role, name in ROLE_VARIABLES.items()}
    assert {role: (url["user"], url["dbname"]) for role, url in urls.items()} == {
        role: (role, "supastate") for role in ROLE_VARIABLES
    }
    assert {role.removeprefix("supastate_"): url["password"] for role, url in urls.items()} == {
        "owner": "value-of-owner_password",
        "app": "value-of-app_password",
        "dispatcher": "value-of-dispatcher_password",
        "sql_runner": "value-of-sql_runner_password",
    }


@pytest.mark.parametrize("service", ["web", "live", "dispatcher", "worker", "beat", "flower"])
def test_what_serves_holds_no_password_of_the_owner_or_the_superuser(service: str) -> None:
    values = " ".join(fill_environment(service, make_secrets()).values())
    assert "value-of-app_password" in values
    assert "value-of-owner_password" not in values
    assert "value-of-postgres_password" not in values


def test_the_settings_load_and_pass_the_deployment_check() -> None:
    secrets = make_secrets() | {"SUPASTATE_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEF"}
    environment = fill_environment("web", secrets) | {"PATH": os.environ["PATH"]}
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--tag", "security", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_a_health_check_or_is_a_one_shot_job(name: str) -> None:
    service = SERVICES[name]
    if name in ONE_SHOT:
        assert service["restart"] == "no"
        assert "healthcheck" not in service
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_services_wait_for_what_they_need() -> None:
    conditions = {
        name: {needed: how["condition"] for needed, how in service.get("depends_on", {}).items()}
        for name, service in SERVICES.items()
    }
    healthy, done = "service_healthy", "service_completed_successfully"
    broker = {"migrate": done, "redis": healthy}
    assert conditions == {
        "postgres": {},
        "redis": {},
        "neo4j": {},
        "provision": {"postgres": healthy},
        "migrate": {"provision": done},
        "web": {"migrate": done},
        "live": {"migrate": done},
        "dispatcher": broker,
        "worker": broker | {"neo4j": healthy},
        "express": broker | {"neo4j": healthy},
        "beat": broker,
        "flower": broker,
    }


def test_every_published_port_is_on_loopback() -> None:
    ports = list(list_published_ports())
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_data_services_are_reached_from_inside_only() -> None:
    for name in ("postgres", "redis", "neo4j"):
        assert SERVICES[name]["networks"] == ["data"]
        assert "ports" not in SERVICES[name]


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root_or_gains_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is (name != "neo4j")
    if name in APPLICATION:
        dockerfile = (ROOT / "supastate" / "deploy" / "Dockerfile").read_text()
        assert re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE) == ["supastate"]
    else:
        assert service["user"] not in {"root", "0"}


def test_a_worker_is_given_the_time_that_its_soft_shutdown_takes() -> None:
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) >= DRAIN_SECONDS


def test_the_broker_starts_with_the_settings_of_its_script(redis_url: str) -> None:
    """The script's own way of giving a password: a here-document that the shell fills in."""
    script = SERVICES["redis"]["command"][-1].replace("$$", "$").replace("redis-server -", "cat")
    printed = subprocess.run(
        [*SERVICES["redis"]["command"][:2], script],
        env={"REDIS_PASSWORD": "s3cret", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.splitlines()[:2] == ["bind *", 'requirepass "s3cret"']
