"""What every request to a paid server passes: it is paid for, let through by the breaker, and accounted.

Nothing here sleeps or retries. Who may not call now gets a TransientError that says when to come back, and
whose item is not charged with an attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from processing.embedding.breaker import Admission, Breaker, ReportedOutcome
from processing.embedding.buckets import BURST_SHARE, Buckets, Charge, Reservation
from supastate.errors import PermanentError, TransientError
from supastate.queueing.provider_state import ProviderState

_HOLD_SECONDS_WITHOUT_ADVICE = 5.0
_HOLDING_CODES = frozenset({"rate_limited", "quota_exhausted", "provider_refused_key"})
_FAILURE_CODES = frozenset({"provider_unavailable", "provider_bad_answer", "provider_misconfigured"})
_HOLD_SENTENCES = {
    "rate_limited": "The provider asked to slow down.",
    "quota_exhausted": "The account's quota is used up.",
    "provider_refused_key": "The provider refused the API key.",
}


class Billed(Protocol):
    """An answer that says what it cost."""

    @property
    def tokens(self) -> int:
        """The tokens it is billed for."""

    @property
    def used_up_for(self) -> float:
        """The seconds for which a limit is used up."""


A = TypeVar("A", bound=Billed)


@dataclass(frozen=True, slots=True)
class ProviderLimits:
    """Budgets per minute for the whole key and for one workspace; 0 means unlimited."""

    requests_per_minute: int
    tokens_per_minute: int
    workspace_requests_per_minute: int
    workspace_tokens_per_minute: int


class Guard:
    """Shared buckets and the shared breaker around each request."""

    def __init__(
        self, *, buckets: Buckets, breaker: Breaker, limits: ProviderLimits, workspace_id: UUID | None = None
    ) -> None:
        self.limits = limits
        self._buckets = buckets
        self._breaker = breaker
        self._workspace_id = workspace_id

    def for_workspace(self, workspace_id: UUID) -> Guard:
        """The same limits and breaker, its use charged to one workspace."""
        return Guard(buckets=self._buckets, breaker=self._breaker, limits=self.limits, workspace_id=workspace_id)

    def call(self, send: Callable[[], A], *, tokens: int, urgent: bool = False) -> A:
        """Return what `send` brings, which is thought to cost `tokens`; an urgent one may borrow."""
        reservation = self._reserve(self._list_charges(tokens, urgent=urgent))
        admission = self._admit(reservation)
        outcome: ReportedOutcome = "unknown"
        try:
            answer = send()
            outcome = "success"
        except TransientError as exc:
            outcome = "failure" if exc.error_code in _FAILURE_CODES else "success"
            self._hold_if_asked(exc, reservation)
            raise
        except PermanentError:
            # The provider is there and answers: it is the text that it refuses, and does not bill. Without
            # the tokens back, bisecting a large request would run into the limit and never find the text.
            outcome = "success"
            self._buckets.settle(self._list_charges(0), reserved=reservation)
            raise
        finally:
            self._breaker.report(admission, outcome)
        self._buckets.settle(self._list_charges(answer.tokens), reserved=reservation)
        if answer.used_up_for:
            # Limits refill steadily: a burst's share of the time brings back a burst.
            self._buckets.hold("rate_limited", seconds=answer.used_up_for * BURST_SHARE)
        return answer

    def look(self) -> ProviderState:
        """Return whether requests are held or the breaker is open, and what is left of the budgets.

        It asks the provider nothing.
        """
        charges = self._list_charges(0)
        levels = self._buckets.read_levels(charges)
        budgets = {charge.bucket: round(level, 3) for charge, level in zip(charges, levels, strict=True)}
        reason, held_seconds = self._buckets.look()
        if held_seconds > 0:
            return ProviderState("held", _after(held_seconds), reason, budgets)
        open_seconds = self._breaker.look()
        if open_seconds is None:
            return ProviderState(budgets=budgets)
        return ProviderState("open", _after(open_seconds), "provider_open", budgets)

    def _reserve(self, charges: Sequence[Charge]) -> Reservation:
        reservation = self._buckets.reserve(charges)
        if reservation.granted:
            return reservation
        code = reservation.hold_reason or "rate_limited"
        detail = _HOLD_SENTENCES.get(reservation.hold_reason, "The provider's budget of this minute is spent.")
        raise TransientError(detail, code=code, retry_after=reservation.wait_seconds, counts_as_attempt=False)

    def _admit(self, reservation: Reservation) -> Admission:
        admission = self._breaker.admit()
        if admission.admitted:
            return admission
        self._buckets.settle((), reserved=reservation)
        raise TransientError(
            "The provider failed repeatedly; it is tried again soon.",
            code="provider_open",
            retry_after=admission.wait_seconds,
            counts_as_attempt=False,
        )

    def _hold_if_asked(self, exc: TransientError, reservation: Reservation) -> None:
        if exc.error_code in _HOLDING_CODES:
            seconds = exc.retry_after or _HOLD_SECONDS_WITHOUT_ADVICE
            self._buckets.hold(exc.error_code, seconds=seconds)
            self._buckets.settle(self._list_charges(0), reserved=reservation)

    def _list_charges(self, tokens: int, *, urgent: bool = False) -> tuple[Charge, ...]:
        limits = self.limits
        charges = [
            Charge("requests", limits.requests_per_minute, 1),
            Charge("tokens", limits.tokens_per_minute, tokens),
        ]
        if self._workspace_id is not None:
            name = self._workspace_id.hex
            charges.append(Charge(f"requests:{name}", limits.workspace_requests_per_minute, 1))
            charges.append(Charge(f"tokens:{name}", limits.workspace_tokens_per_minute, tokens))
        limited = (charge for charge in charges if charge.per_minute > 0)
        return tuple(_let_borrow(charge) if urgent else charge for charge in limited)


def _after(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _let_borrow(charge: Charge) -> Charge:
    """A query is one request of a few tokens: it may take one burst of requests and waits for no tokens."""
    borrowed = charge.burst if charge.bucket.startswith("requests") else charge.per_minute
    return replace(charge, may_borrow=borrowed)
