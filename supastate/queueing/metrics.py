"""The queue in Prometheus's text format. Labels are names and reasons, never content."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from supastate.queueing.observing import Load, Pace, StageReport
from supastate.queueing.provider_state import ProviderState

QUANTILES = (("0.5", "median_seconds"), ("0.95", "p95_seconds"))
STATES = ("ok", "held", "open")


def render_metrics(reports: Iterable[StageReport], *, slugs: Mapping[UUID, str], provider: ProviderState) -> bytes:
    """Return the exposition; `slugs` names the workspaces."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Snapshot([*_describe_stages(list(reports), slugs), *_describe_provider(provider)]))
    return generate_latest(registry)


class _Snapshot(Collector):
    """Metrics read once, by the request that shows them."""

    def __init__(self, metrics: list[GaugeMetricFamily]) -> None:
        self._metrics = metrics

    def collect(self) -> list[GaugeMetricFamily]:
        return self._metrics


def _describe_stages(reports: list[StageReport], slugs: Mapping[UUID, str]) -> Iterator[GaugeMetricFamily]:
    loads = [
        (report.stage, slugs.get(key, str(key)), load) for report in reports for key, load in report.loads.items()
    ]
    paces = [
        (report.stage, slugs.get(key, str(key)), pace) for report in reports for key, pace in report.paces.items()
    ]
    yield from _describe_loads(loads)
    yield from _describe_paces(paces)
    latency = _gauge("latency_seconds", "Acceptance to completion, last 5 minutes.", "stage", "quantile")
    for report in reports:
        _add_quantiles(latency, report.pace, report.stage)
    yield latency


def _describe_loads(loads: list[tuple[str, str, Load]]) -> Iterator[GaugeMetricFamily]:
    depth = _gauge(
        "queue_rows", "Rows not completed; dead ones wait for a decision.", "stage", "workspace", "status"
    )
    oldest = _gauge("queue_oldest_due_seconds", "Age of the oldest due row; 0 if none.", "stage", "workspace")
    retries = _gauge("queue_retries", "Pending rows by their last failure.", "stage", "workspace", "code")
    dead = _gauge("queue_dead_letters", "Dead rows by reason.", "stage", "workspace", "code")
    for stage, workspace, load in loads:
        for status, count in load.depth.items():
            depth.add_metric([stage, workspace, status], count)
        oldest.add_metric([stage, workspace], load.oldest_due_seconds or 0.0)
        for family, counts in ((retries, load.retries), (dead, load.dead_letters)):
            for code, count in counts.items():
                family.add_metric([stage, workspace, code], count)
    yield from (depth, oldest, retries, dead)


def _describe_paces(paces: list[tuple[str, str, Pace]]) -> Iterator[GaugeMetricFamily]:
    completed = _gauge("queue_completed_last_minute", "Rows completed in 60 s.", "stage", "workspace")
    latency = _gauge(
        "workspace_latency_seconds", "Acceptance to completion, last 5 minutes.", "stage", "workspace", "quantile"
    )
    for stage, workspace, pace in paces:
        completed.add_metric([stage, workspace], pace.completed_last_minute)
        _add_quantiles(latency, pace, stage, workspace)
    yield from (completed, latency)


def _describe_provider(provider: ProviderState) -> Iterator[GaugeMetricFamily]:
    state = _gauge("provider_state", "1 for the embedding provider's state.", "state", "code")
    for name in STATES:
        is_current = name == provider.state
        state.add_metric([name, provider.code if is_current else ""], float(is_current))
    left = _gauge("provider_wait_seconds", "How long the provider is still held or open; 0 if it is not.")
    left.add_metric([], max(provider.until.timestamp() - time.time(), 0.0) if provider.until else 0.0)
    budget = _gauge("provider_budget_left", "Share of a bucket's burst that is left; negative in debt.", "bucket")
    for bucket, share in provider.budgets.items():
        budget.add_metric([bucket], share)
    yield from (state, left, budget)


def _gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"supastate_{name}", text, labels=labels)


def _add_quantiles(family: GaugeMetricFamily, pace: Pace, *labels: str) -> None:
    for quantile, attribute in QUANTILES:
        seconds = getattr(pace, attribute)
        if seconds is not None:
            family.add_metric([*labels, quantile], seconds)
