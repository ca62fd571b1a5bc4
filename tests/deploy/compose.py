"""docker-compose.yml as tests read it: parsed, and with its variables filled in as `docker compose` would."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
APPLICATION = ("provision", "migrate", "web", "live", "dispatcher", "worker", "express", "beat", "flower")
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
_Variable = tuple[str, str, str]


def list_variables() -> list[_Variable]:
    """Each `${NAME:?why}` or `${NAME:-default}` as (name, `?` or `-` or nothing, what follows)."""
    return [(found[1], found[2] or "", found[3] or "") for found in _VARIABLE.finditer(TEXT)]


def fill_in(text: str, given: Mapping[str, str]) -> str:
    """The text with its variables replaced, and `$$` by a dollar sign. An unset required one is a KeyError."""

    def choose(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        return given.get(name) or rest if kind == "-" else given[name]

    return _VARIABLE.sub(choose, text).replace("$$", "$")


def make_secrets() -> dict[str, str]:
    """A value for each required variable, telling by its name where it ends up."""
    return {name: f"value-of-{name.lower()}" for name, kind, _ in list_variables() if kind == "?"}


def fill_environment(service: str, given: Mapping[str, str]) -> dict[str, str]:
    """The environment that the service's container would see."""
    return {name: fill_in(value, given) for name, value in SERVICES[service]["environment"].items()}


def list_published_ports() -> Iterator[str]:
    """Each published port as written."""
    for service in SERVICES.values():
        yield from service.get("ports", [])
