"""What other processes do in these tests: reserve, or ask to be the probe, as fast as they can."""

from __future__ import annotations

import time

from processing.embedding.breaker import BreakerSettings, InProcessBreaker, SharedBreaker
from processing.embedding.buckets import Charge, InProcessBuckets, SharedBuckets
from processing.embedding.shared_scripts import SharedScripts


def reserve_for(redis_url: str, scope: str, per_minute: int, seconds: float) -> tuple[int, float]:
    """Reserve one request at a time for some seconds; return how many were granted, and the end's time."""
    scripts = SharedScripts(redis_url)
    buckets = SharedBuckets(scripts, scope=scope, fallback=InProcessBuckets(share=1e-9))
    granted = 0
    until = time.time() + seconds
    while time.time() < until:
        granted += buckets.reserve([Charge("requests", per_minute, 1)]).granted
    scripts.close()
    return granted, time.time()


def ask_to_probe(redis_url: str, scope: str, times: int) -> int:
    """Ask a breaker to be let through; return how often it did."""
    scripts = SharedScripts(redis_url)
    settings = BreakerSettings(failures=1, open_seconds=0.01, probe_seconds=60)
    breaker = SharedBreaker(scripts, scope=scope, settings=settings, fallback=InProcessBreaker(settings))
    admitted = sum(breaker.admit().admitted for _ in range(times))
    scripts.close()
    return admitted
