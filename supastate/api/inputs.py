"""Typed readers of request values: each refuses with the field's name, so that a client can mend its request."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from supastate.errors import InvalidInputError, NotFoundError


def require_object(value: Any, field: str = "body") -> dict[str, Any]:
    """Return a JSON object."""
    if not isinstance(value, dict):
        raise InvalidInputError(f"{field} must be a JSON object.", code="invalid_type", field=field)
    return value


def read_text(
    values: Mapping[str, Any],
    field: str,
    *,
    required: bool = False,
    most: int = 1024,
    choices: Collection[str] = (),
    default: str = "",
) -> str:
    """Return a string that Postgres can hold: no NUL, no lone surrogate, at most `most` characters."""
    value = values.get(field)
    if value is None or value == "":
        if required:
            raise InvalidInputError(f"{field} is required.", code="required", field=field)
        return default
    if not isinstance(value, str):
        raise InvalidInputError(f"{field} must be a string.", code="invalid_type", field=field)
    if len(value) > most:
        raise InvalidInputError(
            f"{field} is longer than {most} characters.", code="too_long", field=field, limit=most
        )
    require_storable(value, field)
    if choices and value not in choices:
        allowed = ", ".join(sorted(choices))
        raise InvalidInputError(f"{field} must be one of: {allowed}.", code="invalid_choice", field=field)
    return value


def require_storable(value: str, field: str) -> None:
    """Raise unless the text has neither NUL nor a lone surrogate."""
    if "\x00" in value:
        raise InvalidInputError(f"{field} has a NUL character.", code="nul_character", field=field)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as exc:
        raise InvalidInputError(f"{field} has a lone surrogate.", code="lone_surrogate", field=field) from exc


def read_number(values: Mapping[str, Any], field: str, *, default: int, least: int = 1, most: int) -> int:
    """Return a whole number within bounds, from JSON or from a query string."""
    value = values.get(field)
    if value is None or value == "":
        return default
    try:
        number = int(value) if isinstance(value, str) and len(value) < 20 else value
    except ValueError:
        number = None
    if isinstance(number, bool) or not isinstance(number, int):
        raise InvalidInputError(f"{field} must be a whole number.", code="invalid_type", field=field)
    if not least <= number <= most:
        raise InvalidInputError(
            f"{field} must be between {least} and {most}.", code="out_of_range", field=field, limit=most
        )
    return number


def read_flag(values: Mapping[str, Any], field: str, *, default: bool = False) -> bool:
    """Return a truth value: JSON true or false, or the words true, false, 1, 0; `default` if it is not given."""
    value = values.get(field)
    if value is None or value == "":
        return default
    if isinstance(value, bool):
        return value
    words = {"true": True, "1": True, "false": False, "0": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise InvalidInputError(f"{field} must be true or false.", code="invalid_type", field=field)


def read_time(values: Mapping[str, Any], field: str) -> datetime | None:
    """Return an ISO 8601 time that has a zone, in UTC, or None."""
    text = read_text(values, field, most=64)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise InvalidInputError(f"{field} needs a time zone.", code="timestamp_without_zone", field=field)
        return moment.astimezone(UTC)  # Postgres knows fewer offsets than ISO 8601
    except (ValueError, OverflowError) as exc:
        raise InvalidInputError(f"{field} is not an ISO 8601 time.", code="invalid_time", field=field) from exc


def read_list(values: Mapping[str, Any], field: str, *, most: int, required: bool = False) -> list[Any]:
    """Return a JSON array of at most `most` items."""
    value = values.get(field)
    if value is None:
        if required:
            raise InvalidInputError(f"{field} is required.", code="required", field=field)
        return []
    if not isinstance(value, list):
        raise InvalidInputError(f"{field} must be an array.", code="invalid_type", field=field)
    if len(value) > most:
        raise InvalidInputError(
            f"{field} has more than {most} items: send it in parts.",
            code="too_many_items",
            field=field,
            limit=most,
        )
    return value


def parse_id(text: str) -> UUID:
    """Return the UUID of a path segment; anything else is simply not found."""
    try:
        return UUID(text)
    except ValueError as exc:
        raise NotFoundError from exc


def find_unknown(values: Mapping[str, Any], known: Collection[str], where: str = "") -> list[str]:
    """Return one warning for each key that nothing reads."""
    prefix = f"{where}." if where else ""
    return [f"unknown key ignored: {prefix}{key[:100]!r}" for key in values if key not in known]


def with_warnings(body: Mapping[str, Any], warnings: Sequence[str]) -> dict[str, Any]:
    """Return an answer with its warnings, if there are any."""
    return {**body, **({"warnings": list(warnings)} if warnings else {})}
