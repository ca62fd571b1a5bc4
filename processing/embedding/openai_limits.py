"""What a provider says about its limits and its bill: `retry-after`, OpenAI's `x-ratelimit-*`, `usage`."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

_LONGEST_WAIT_SECONDS = 3_600.0
_LIMITS = ("requests", "tokens")
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")
_UNITS = (3_600.0, 60.0, 1.0, 0.001)


def read_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a refusal asks to wait, at most an hour: by its date or number, or by its reset."""
    seconds = _read_number(headers.get("retry-after-ms"), divisor=1000)
    if seconds is None:
        seconds = _read_number(headers.get("retry-after"), divisor=1)
    if seconds is None:
        seconds = _read_date(headers.get("retry-after"))
    if seconds is None:
        seconds = read_reset(headers)
    if seconds is None or seconds < 0:
        return None
    return min(seconds, _LONGEST_WAIT_SECONDS)


def read_reset(headers: Mapping[str, str]) -> float | None:
    """Return the seconds until every limit with nothing remaining is whole again; None while all have some."""
    used_up = [name for name in _LIMITS if headers.get(f"x-ratelimit-remaining-{name}") == "0"]
    resets = [_read_duration(headers.get(f"x-ratelimit-reset-{name}", "")) for name in used_up]
    return max((seconds for seconds in resets if seconds is not None), default=None)


def read_usage(response: object) -> int:
    """Return the billed tokens, 0 if the server does not say: the client does not check the shape."""
    tokens = getattr(getattr(response, "usage", None), "total_tokens", 0)
    return tokens if isinstance(tokens, int) else 0


def _read_duration(value: str) -> float | None:
    """Read `1h2m3.5s` or `120ms`; a bare number is seconds."""
    match = _DURATION.fullmatch(value)
    if match is None or not value:
        return _read_number(value, divisor=1)
    return sum(float(number) * unit for number, unit in zip(match.groups(), _UNITS, strict=True) if number)


def _read_number(value: str | None, *, divisor: float) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return None if math.isnan(number) else number / divisor


def _read_date(value: str | None) -> float | None:
    try:
        return parsedate_to_datetime(value or "").timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
