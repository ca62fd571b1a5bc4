"""How a query is refused: where, by which stable code, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass

from supastate.errors import InvalidInputError


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in the query's text, both from 1."""

    line: int
    column: int


def not_allowed(detail: str, at: Place) -> InvalidInputError:
    """Return the refusal of a construct that Cypher knows and this endpoint does not allow."""
    return _refusal("cypher_not_allowed", detail, at)


def syntax_error(detail: str, at: Place) -> InvalidInputError:
    """Return the refusal of what is not Cypher."""
    return _refusal("cypher_syntax_error", detail, at)


def too_costly(detail: str, at: Place) -> InvalidInputError:
    """Return the refusal of a query that could take the store's memory or time without bound."""
    return _refusal("cypher_too_costly", detail, at)


def unknown_name(detail: str, at: Place) -> InvalidInputError:
    """Return the refusal of a variable, parameter or label that does not exist."""
    return _refusal("cypher_unknown_name", detail, at)


def _refusal(code: str, detail: str, at: Place) -> InvalidInputError:
    place = f"Line {at.line}, column {at.column}: "
    return InvalidInputError(place + detail, code=code, line=at.line, column=at.column)
