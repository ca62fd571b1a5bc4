"""What a client may say itself of a memory's type and importance; where it does not, rules decide later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from supastate.api.inputs import read_text
from supastate.errors import InvalidInputError


class MemoryType(models.TextChoices):
    """What a memory tells; each type matters and fades in its own way."""

    FACTUAL = "factual"
    EPISODIC = "episodic"
    RELATIONAL = "relational"
    EMOTIONAL = "emotional"
    PROCEDURAL = "procedural"
    OPINION = "opinion"
    CAUSAL = "causal"


def read_memory_type(values: Mapping[str, Any], field: str) -> str | None:
    """Return the type that is said, or None."""
    return read_text(values, field, choices=MemoryType.values) or None


def read_importance(values: Mapping[str, Any], field: str = "importance") -> float | None:
    """Return the importance that is said, 0 to 1, or None."""
    value = values.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInputError(f"{field} must be a number.", code="invalid_type", field=field)
    if not 0 <= value <= 1:
        raise InvalidInputError(f"{field} must be between 0 and 1.", code="out_of_range", field=field)
    return float(value)
