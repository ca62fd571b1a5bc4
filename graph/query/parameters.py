"""Parameters of a query: JSON values that both stores can hold, of bounded size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from graph.query.tokens import NAME
from supastate.api.inputs import require_storable
from supastate.errors import InvalidInputError

MOST_PARAMETERS = 50
MOST_VALUES = 1_000
MOST_CHARACTERS = 10_000
MOST_DEPTH = 5


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Raise unless every parameter is a scalar, a list or a map within the limits."""
    if len(parameters) > MOST_PARAMETERS:
        raise _refusal(f"A query has at most {MOST_PARAMETERS} parameters.", "parameters")
    room = [MOST_VALUES, MOST_CHARACTERS]
    for name, value in parameters.items():
        if not NAME.fullmatch(name):
            raise _refusal(
                "A parameter's name begins with a letter and holds letters, digits and _.", "parameters"
            )
        _check(value, f"parameters.{name}", MOST_DEPTH, room)


def _check(value: Any, field: str, depth: int, room: list[int]) -> None:
    room[0] -= 1
    if isinstance(value, str):
        require_storable(value, field)
        room[1] -= len(value)
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise _refusal(f"{field} does not fit 64 bits.", field)
    elif isinstance(value, float) and not math.isfinite(value):
        raise _refusal(f"{field} is not a finite number.", field)
    if room[0] < 0 or room[1] < 0 or depth == 0:
        raise _refusal(
            f"Parameters hold at most {MOST_VALUES} values and {MOST_CHARACTERS} characters, "
            f"{MOST_DEPTH - 1} levels deep.",
            field,
        )
    if isinstance(value, list):
        for item in value:
            _check(item, field, depth - 1, room)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not NAME.fullmatch(key):
                raise _refusal(f"A key in {field} begins with a letter and holds letters, digits and _.", field)
            _check(item, field, depth - 1, room)


def _refusal(detail: str, field: str) -> InvalidInputError:
    return InvalidInputError(detail, code="invalid_parameters", field=field)
