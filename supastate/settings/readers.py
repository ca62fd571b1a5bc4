"""Typed readers of the environment: each refuses a bad value with a sentence that says what to set."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from psycopg.conninfo import conninfo_to_dict

from supastate.errors import ConfigurationError

env = environ.Env()


def read_text(name: str, default: str | None = None, *, choices: tuple[str, ...] = ()) -> str:
    """Return a string; with `choices`, one of them."""
    value: str | None = env.str(name, default=None) or default
    if value is None:
        raise ConfigurationError(f"{name} is not set. Set it in the environment; README.md lists every setting.")
    if choices and value not in choices:
        raise ConfigurationError(f"{name} is {value!r}; it must be one of: {', '.join(choices)}.")
    return value


def read_int(name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
    """Return a whole number within bounds."""
    raw = read_text(name, str(default))
    try:
        value = int(raw)
    except ValueError as exc:
        raise ConfigurationError(f"{name} is {raw!r}; it must be a whole number.") from exc
    if not least <= value <= most:
        raise ConfigurationError(f"{name} is {value}; it must be between {least} and {most}.")
    return value


def read_bool(name: str, *, default: bool = False) -> bool:
    """Return a truth value written as true/false, yes/no, on/off or 1/0."""
    raw = read_text(name, str(default)).lower()
    if raw in {"true", "yes", "on", "1"}:
        return True
    if raw in {"false", "no", "off", "0"}:
        return False
    raise ConfigurationError(f"{name} is {raw!r}; it must be true or false.")


def read_list(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without empty parts."""
    raw: str = env.str(name, default=default)
    return [part.strip() for part in raw.split(",") if part.strip()]


def read_path(name: str, default: Path) -> Path:
    """Return a folder or file as an absolute path."""
    return Path(read_text(name, str(default))).expanduser().resolve()


def read_time_zone(name: str, default: str) -> str:
    """Return the name of a time zone of the IANA database."""
    value = read_text(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise ConfigurationError(f"{name} is {value!r}; it must be a time zone such as Europe/Berlin.") from exc
    return value


def read_secret(name: str, *, production: bool) -> str:
    """Return a secret; production refuses to start without it, elsewhere one is made for this process."""
    value: str = env.str(name, default="")
    if value:
        return value
    if production:
        raise ConfigurationError(f"{name} is not set. Production needs a long random value for it.")
    return secrets.token_urlsafe(48)


def read_database(name: str, *, conn_max_age: int = 60) -> dict[str, Any]:
    """Return Django's settings for one Postgres URL (libpq form; a Unix socket as `?host=/folder`)."""
    raw = read_text(name)
    try:
        parts = conninfo_to_dict(raw)
    except Exception as exc:
        raise ConfigurationError(f"{name} is not a Postgres URL: postgresql://user:password@host:5432/db") from exc
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "supastate"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": conn_max_age,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **parts},
    }
