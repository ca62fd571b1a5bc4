"""Filling a model: texts are queued slice by slice for the workers, until all of them have its vectors."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil

from django.conf import settings
from django.core.management.base import OutputWrapper

from processing.embedding_models import (
    Coverage,
    active_model,
    find_model,
    measure_coverage,
    queue_missing,
)
from processing.models import EmbeddingModel
from processing.providers import LOCAL
from supastate.errors import TransientError
from supastate.workspaces.selecting import list_embedding_workspaces

BYTES_PER_TOKEN = 3
BAR_WIDTH = 24
LOOK_SECONDS = 1.0

Say = Callable[[str], None]


def fill_model(name: str, *, say: Say, patience_seconds: float = 120) -> Coverage:
    """Queue what lacks vectors of the model and wait for the workers, saying how far they are.

    May be stopped at any time and begun again. Raises TransientError `fill_stands_still` when nothing was embedded
    for `patience_seconds`: the workers are away, or the provider is.
    """
    model = find_model(name)
    asked = "" if active_model().name == name else name
    workspaces = list(list_embedding_workspaces())
    began = changed = time.monotonic()
    first = last = measure_coverage(name, workspaces)
    while True:
        for workspace in workspaces:
            queue_missing(name, workspace_id=workspace.pk, asked=asked)
        coverage = measure_coverage(name, workspaces)
        now = time.monotonic()
        say(describe_progress(model, coverage, done=coverage.covered - first.covered, seconds=now - began))
        if not coverage.left:
            return coverage
        if coverage != last:
            last, changed = coverage, now
        if now - changed > patience_seconds:
            raise TransientError(
                f"Nothing was embedded for {patience_seconds:.0f} s: do workers run, does the provider answer?",
                code="fill_stands_still",
            )
        time.sleep(LOOK_SECONDS)


def write_over(out: OutputWrapper) -> Say:
    """Return what writes each line over the one before it."""

    def say(line: str) -> None:
        out.write(f"\r{line}", ending="")
        out.flush()

    return say


def describe_progress(model: EmbeddingModel, coverage: Coverage, *, done: int, seconds: float) -> str:
    """Return a bar, counts, pace, time left and cost left, as one line."""
    ended = coverage.texts - coverage.left
    share = ended / coverage.texts if coverage.texts else 1.0
    bar = "█" * int(share * BAR_WIDTH)
    pace = done / seconds if seconds else 0.0
    left = f"{_describe_seconds(coverage.left / pace)} left" if pace else "…"
    return (
        f"{bar:░<{BAR_WIDTH}} {share:4.0%}  {ended:,} of {coverage.texts:,} texts, {pace:.0f}/s, {left},"
        f" {describe_cost(model, coverage)}   "
    )


def describe_cost(model: EmbeddingModel, coverage: Coverage) -> str:
    """Return what the texts that are left will about cost: three bytes a token, at the price of the settings."""
    if model.provider == LOCAL:
        return "no cost"
    tokens = ceil(coverage.bytes_left / BYTES_PER_TOKEN)
    dollars = tokens * settings.EMBEDDING_CENTS_PER_MILLION_TOKENS / 100 / 1_000_000
    return f"about {tokens:,} tokens, ${dollars:,.2f}"


def _describe_seconds(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"
