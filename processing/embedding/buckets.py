"""Token buckets shared by all processes: requests and tokens per minute, by key and by workspace.

A bucket's burst is a twentieth of its minute, so that no minute sees more than 5 % over the limit. A
request larger than the burst is granted when the bucket is full and leaves it in debt, which keeps the
long-run rate exact. Everything runs on Redis's clock; while Redis is away each process keeps to a share.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Protocol

from processing.embedding.shared_scripts import SharedScripts

BURST_SHARE = 1 / 20


@dataclass(frozen=True, slots=True)
class Charge:
    """What one request takes from one bucket; an urgent one may also go into debt by `may_borrow`."""

    bucket: str
    per_minute: float
    cost: float
    may_borrow: float = 0.0

    @property
    def burst(self) -> float:
        """The most that the bucket holds."""
        return max(1.0, self.per_minute * BURST_SHARE)

    @property
    def refill_per_second(self) -> float:
        """How fast it fills."""
        return self.per_minute / 60

    @property
    def needed(self) -> float:
        """The level at which the request is granted."""
        return min(self.cost, self.burst) - self.may_borrow


@dataclass(frozen=True, slots=True)
class Reservation:
    """The answer to `reserve`: granted, or how many seconds to wait and, if everybody is held, why."""

    charges: tuple[Charge, ...]
    granted: bool
    wait_seconds: float = 0.0
    hold_reason: str = ""


class Buckets(Protocol):
    """Where requests are paid for before they are sent."""

    def reserve(self, charges: Sequence[Charge]) -> Reservation:
        """Take every charge, or none of them."""

    def settle(self, used: Sequence[Charge], *, reserved: Reservation) -> None:
        """Correct a reservation to what was used, bucket by bucket; an empty `used` refunds everything."""

    def hold(self, reason: str, *, seconds: float) -> None:
        """Grant nothing to anybody for some seconds: the provider asked for it."""

    def look(self) -> tuple[str, float]:
        """Return the reason of the hold and the seconds it has left, or ('', 0)."""

    def read_levels(self, charges: Sequence[Charge]) -> list[float]:
        """Return how full each charge's bucket is now, as a share of its burst; in debt it is negative."""


class InProcessBuckets:
    """One process's buckets, for the time when Redis is away: `share` of every limit."""

    def __init__(self, *, share: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._share = share
        self._clock = clock
        self._lock = Lock()
        self._levels: dict[str, tuple[float, float]] = {}
        self._hold = ("", 0.0)

    def reserve(self, charges: Sequence[Charge]) -> Reservation:
        """Take every charge, or none of them."""
        with self._lock:
            now = self._clock()
            reason, held_until = self._hold
            if now < held_until:
                return Reservation(tuple(charges), False, held_until - now, reason)
            own = [self._reduce(charge) for charge in charges]
            levels = [self._read_level(charge, now) for charge in own]
            waits = [(c.needed - level) / c.refill_per_second for c, level in zip(own, levels, strict=True)]
            if max(waits, default=0.0) > 0:
                return Reservation(tuple(charges), False, max(waits))
            for charge, level in zip(own, levels, strict=True):
                self._levels[charge.bucket] = (level - charge.cost, now)
            return Reservation(tuple(charges), True)

    def settle(self, used: Sequence[Charge], *, reserved: Reservation) -> None:
        """Correct a reservation to what was used."""
        with self._lock:
            now = self._clock()
            for charge, back in _list_corrections(used, reserved):
                own = self._reduce(charge)
                level = min(own.burst, self._read_level(own, now) + back)
                self._levels[own.bucket] = (level, now)

    def hold(self, reason: str, *, seconds: float) -> None:
        """Grant nothing for some seconds; a longer hold stays."""
        with self._lock:
            until = self._clock() + seconds
            if until > self._hold[1]:
                self._hold = (reason, until)

    def look(self) -> tuple[str, float]:
        """Return the hold's reason and the seconds it has left."""
        with self._lock:
            reason, until = self._hold
            left = until - self._clock()
            return (reason, left) if left > 0 else ("", 0.0)

    def read_levels(self, charges: Sequence[Charge]) -> list[float]:
        """Return how full this process's buckets are."""
        with self._lock:
            now = self._clock()
            own = [self._reduce(charge) for charge in charges]
            return [self._read_level(charge, now) / charge.burst for charge in own]

    def _reduce(self, charge: Charge) -> Charge:
        return replace(charge, per_minute=charge.per_minute * self._share)

    def _read_level(self, charge: Charge, now: float) -> float:
        level, at = self._levels.get(charge.bucket, (charge.burst, now))
        return min(charge.burst, level + max(0.0, now - at) * charge.refill_per_second)


class SharedBuckets:
    """The buckets in Redis, one set for each `scope`, which begins their keys."""

    def __init__(self, scripts: SharedScripts, *, scope: str, fallback: InProcessBuckets) -> None:
        self._scripts = scripts
        self._scope = scope
        self._fallback = fallback

    def reserve(self, charges: Sequence[Charge]) -> Reservation:
        """Take every charge, or none of them."""
        args = [n for c in charges for n in (c.refill_per_second / 1000, c.burst, c.cost, c.needed)]
        reply = self._scripts.run("reserve", keys=[self._hold_key, *map(self._name_key, charges)], args=args)
        if reply is None:
            return self._fallback.reserve(charges)
        granted, wait_ms, reason = reply
        return Reservation(tuple(charges), bool(granted), wait_ms / 1000, reason)

    def settle(self, used: Sequence[Charge], *, reserved: Reservation) -> None:
        """Correct a reservation to what was used."""
        corrections = _list_corrections(used, reserved)
        keys = [self._name_key(charge) for charge, _ in corrections]
        args = [n for c, back in corrections for n in (c.refill_per_second / 1000, c.burst, back)]
        if keys and self._scripts.run("settle", keys=keys, args=args) is None:
            self._fallback.settle(used, reserved=reserved)

    def hold(self, reason: str, *, seconds: float) -> None:
        """Hold every process back, and this one also while Redis is away."""
        self._fallback.hold(reason, seconds=seconds)
        self._scripts.run("hold", keys=[self._hold_key], args=[reason, max(1, round(seconds * 1000))])

    def look(self) -> tuple[str, float]:
        """Return the hold's reason and the seconds it has left."""
        reply = self._scripts.run("look_at_hold", keys=[self._hold_key], args=[])
        if reply is None:
            return self._fallback.look()
        reason, left_ms = reply
        return reason, left_ms / 1000

    def read_levels(self, charges: Sequence[Charge]) -> list[float]:
        """Return how full the shared buckets are."""
        args = [n for c in charges for n in (c.refill_per_second / 1000, c.burst)]
        reply = self._scripts.run("look_at_buckets", keys=[*map(self._name_key, charges)], args=args)
        if reply is None:
            return self._fallback.read_levels(charges)
        return [float(level) / charge.burst for level, charge in zip(reply, charges, strict=True)]

    @property
    def _hold_key(self) -> str:
        return f"{self._scope}:hold"

    def _name_key(self, charge: Charge) -> str:
        return f"{self._scope}:bucket:{charge.bucket}"


def _list_corrections(used: Sequence[Charge], reserved: Reservation) -> list[tuple[Charge, float]]:
    """Return each reserved charge whose cost turned out otherwise, with what to give back."""
    costs = {charge.bucket: charge.cost for charge in used}
    corrections = [(charge, charge.cost - costs.get(charge.bucket, 0.0)) for charge in reserved.charges]
    return [(charge, back) for charge, back in corrections if back]
