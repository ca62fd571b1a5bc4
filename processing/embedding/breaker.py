"""A circuit breaker shared by all processes: after failures in a row nobody calls, then one probe does.

closed → open after N consecutive failures → half_open when the pause is over, where exactly one caller
among all processes is let through → closed again if it succeeds, open again if not. While Redis is away
each process keeps a breaker of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Literal, Protocol, TypeAlias
from uuid import uuid4

from processing.embedding.shared_scripts import SharedScripts

ReportedOutcome: TypeAlias = Literal["success", "failure", "unknown"]
"""`unknown` frees a probe that ended without an answer (a worker's time limit), so that another may try."""

_LONGEST_WAIT_FOR_PROBE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """When the breaker opens, how long it stays open, and how long a probe may take."""

    failures: int
    open_seconds: float
    probe_seconds: float


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer to `admit`: let through (as the probe if `token`), or the state and the seconds to wait."""

    admitted: bool
    state: Literal["closed", "open", "half_open"]
    wait_seconds: float = 0.0
    token: str = ""


class Breaker(Protocol):
    """Asked before every request, told afterwards."""

    def admit(self) -> Admission:
        """Let a request through or not; whoever is let through must `report`."""

    def report(self, admission: Admission, outcome: ReportedOutcome) -> None:
        """Say how an admitted request ended."""

    def look(self) -> float | None:
        """Return the seconds until the next probe (0: it is due), or None when closed. Lets nobody through."""


class InProcessBreaker:
    """One process's breaker."""

    def __init__(self, settings: BreakerSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._open_until: float | None = None
        self._probe = ("", 0.0)

    def admit(self) -> Admission:
        """Let a request through or not."""
        with self._lock:
            now = self._clock()
            if self._open_until is None:
                return Admission(True, "closed")
            if now < self._open_until:
                return Admission(False, "open", self._open_until - now)
            if now < self._probe[1]:
                return _wait_for_probe(self._probe[1] - now)
            self._probe = (uuid4().hex, now + self._settings.probe_seconds)
            return Admission(True, "half_open", token=self._probe[0])

    def report(self, admission: Admission, outcome: ReportedOutcome) -> None:
        """Say how an admitted request ended."""
        with self._lock:
            if self._open_until is not None:
                self._conclude_probe(admission, outcome)
            elif outcome == "success":
                self._failures = 0
            elif outcome == "failure":
                self._failures += 1
                if self._failures >= self._settings.failures:
                    self._open()

    def look(self) -> float | None:
        """Return the seconds until the next probe, or None when closed."""
        with self._lock:
            return None if self._open_until is None else max(self._open_until - self._clock(), 0.0)

    def _conclude_probe(self, admission: Admission, outcome: ReportedOutcome) -> None:
        if not admission.token or admission.token != self._probe[0]:
            return
        self._probe = ("", 0.0)
        if outcome == "success":
            self._open_until = None
            self._failures = 0
        elif outcome == "failure":
            self._open()

    def _open(self) -> None:
        self._open_until = self._clock() + self._settings.open_seconds


class SharedBreaker:
    """The breaker in Redis, one for each `scope`, which begins its key."""

    def __init__(
        self, scripts: SharedScripts, *, scope: str, settings: BreakerSettings, fallback: InProcessBreaker
    ) -> None:
        self._scripts = scripts
        self._key = f"{scope}:breaker"
        self._settings = settings
        self._fallback = fallback

    def admit(self) -> Admission:
        """Let a request through or not."""
        token = uuid4().hex
        probe_ms = round(self._settings.probe_seconds * 1000)
        reply = self._scripts.run("admit", keys=[self._key], args=[token, probe_ms])
        if reply is None:
            return self._fallback.admit()
        state, wait_ms = reply
        if state == "closed":
            return Admission(True, "closed")
        if state == "probe":
            return Admission(True, "half_open", token=token)
        if state == "half_open":
            return _wait_for_probe(wait_ms / 1000)
        return Admission(False, "open", wait_ms / 1000)

    def report(self, admission: Admission, outcome: ReportedOutcome) -> None:
        """Say how an admitted request ended."""
        open_ms = round(self._settings.open_seconds * 1000)
        args: list[str | float] = [admission.token, outcome, self._settings.failures, open_ms]
        if self._scripts.run("report", keys=[self._key], args=args) is None:
            self._fallback.report(admission, outcome)

    def look(self) -> float | None:
        """Return the seconds until the next probe, or None when closed."""
        left_ms = self._scripts.run("look_at_breaker", keys=[self._key], args=[])
        if left_ms is None:
            return self._fallback.look()
        return None if left_ms < 0 else left_ms / 1000


def _wait_for_probe(seconds: float) -> Admission:
    """A probe mostly ends long before its time limit: others ask again soon."""
    return Admission(False, "half_open", min(seconds, _LONGEST_WAIT_FOR_PROBE_SECONDS))
