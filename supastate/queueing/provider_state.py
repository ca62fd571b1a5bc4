"""The state of the paid provider as the rooms below processing may tell it: processing registers who knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class ProviderState:
    """`held`: it asked for a pause; `open`: it failed repeatedly. Until when, and the reason.

    `budgets` says by bucket (requests, tokens) what share of its burst is left; in debt it is negative.
    """

    state: Literal["ok", "held", "open"] = "ok"
    until: datetime | None = None
    code: str = ""
    budgets: Mapping[str, float] = field(default_factory=dict)


_readers: list[Callable[[], ProviderState]] = []


def register_provider_state(read: Callable[[], ProviderState]) -> None:
    """Name who knows the provider's state (called once, by AppConfig.ready)."""
    _readers[:] = [read]


def read_provider_state() -> ProviderState:
    """Return the provider's state now; never waits for the provider."""
    return _readers[0]() if _readers else ProviderState()
