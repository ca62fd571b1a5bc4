"""How the fake OpenAI server can misbehave: one value per request, taken in order, then success again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Status:
    """Answer with an HTTP status and an OpenAI error body."""

    status: int
    code: str | None = None
    param: str | None = None
    message: str = "The fake server was told to say this."
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hang:
    """Say nothing until the client gives up or the server is closed."""


@dataclass(frozen=True)
class Reset:
    """Break the connection with a TCP reset."""


@dataclass(frozen=True)
class Truncate:
    """Send half of the JSON; `honest` about its length, or closing the connection before the promised end."""

    honest: bool = True


@dataclass(frozen=True)
class Trickle:
    """Send a byte of space now and then, and never the answer."""


@dataclass(frozen=True)
class Say:
    """Answer a chat with these words, None for a refusal. `is_cut`: there was no room for more."""

    content: Any
    is_cut: bool = False


@dataclass(frozen=True)
class Html:
    """Answer 200 with a page, as a proxy does."""


@dataclass(frozen=True)
class WrongCount:
    """Leave out the last vector."""


@dataclass(frozen=True)
class WrongDimension:
    """Send vectors that are one number too long."""


@dataclass(frozen=True)
class NotANumber:
    """Put `value` into the first vector: NaN, or an infinity."""

    value: float = float("nan")


@dataclass(frozen=True)
class Shuffle:
    """Answer rightly, the vectors in reverse order with their indices."""


@dataclass(frozen=True)
class PlainNumbers:
    """Answer rightly with lists of numbers where base64 was asked for, as many compatible servers do."""


@dataclass(frozen=True)
class Zeros:
    """Send vectors of zeros."""


@dataclass(frozen=True)
class Succeed:
    """Answer as the real one does, with more headers if given."""

    headers: dict[str, str] = field(default_factory=dict)


Behaviour: TypeAlias = (
    Status
    | Hang
    | Reset
    | Truncate
    | Trickle
    | Say
    | Html
    | WrongCount
    | WrongDimension
    | NotANumber
    | Shuffle
    | PlainNumbers
    | Zeros
    | Succeed
)


def rate_limited(retry_after: float | str | None = None) -> Status:
    """429, with Retry-After in seconds or as an HTTP date if given."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Status(429, code="rate_limit_exceeded", headers=headers)


def insufficient_quota() -> Status:
    """429 for an account that is used up."""
    return Status(429, code="insufficient_quota")


def describe_error(behaviour: Status) -> dict[str, Any]:
    """Return the error body of the real API."""
    kind = "insufficient_quota" if behaviour.code == "insufficient_quota" else "invalid_request_error"
    return {
        "error": {
            "message": behaviour.message,
            "type": kind,
            "code": behaviour.code,
            "param": behaviour.param,
        }
    }
