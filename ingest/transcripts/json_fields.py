"""Reading of decoded JSON that may have any shape: a field of the wrong type counts as absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def read_text(fields: Mapping[str, Any], *names: str) -> str | None:
    """Give the first of the named fields that is a text with something in it."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value
    return None


def read_object(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Give an object, empty if there is none."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def read_objects(fields: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    """Give the objects of a list, leaving out whatever else is in it."""
    value = fields.get(name)
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def read_texts(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Give the texts of a list, leaving out whatever else is in it."""
    value = fields.get(name)
    return tuple(item for item in value if isinstance(item, str) and item) if isinstance(value, list) else ()


def read_flag(fields: Mapping[str, Any], name: str) -> bool:
    """Say whether a field is `true`."""
    return fields.get(name) is True


def read_integer(fields: Mapping[str, Any], name: str) -> int | None:
    """Give an integer; `true` is none."""
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
