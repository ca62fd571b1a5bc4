"""The example alerts: each expression parses, reads metrics that exist, and has its paragraph in the runbook."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from supastate.queueing.metrics import render_metrics
from supastate.queueing.observing import Load, Pace, StageReport
from supastate.queueing.provider_state import ProviderState

DOCS = Path(__file__).parents[2] / "docs"
RULES = [rule for group in yaml.safe_load((DOCS / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
ELSEWHERE = {"up", "node_filesystem_avail_bytes"}  # Prometheus's own, and its node exporter's


def exposed_labels() -> dict[str, set[str]]:
    """Return each metric that the server shows, with its labels."""
    workspace, pace = uuid4(), Pace(1, 1, 1.0, 2.0)
    load = Load({"pending": 1, "processing": 1, "dead": 1}, 1.0, {"timeout": 1}, {"poison": 1})
    report = StageReport("embed", {workspace: load}, {workspace: pace}, pace)
    state = ProviderState("held", datetime.now(UTC), "quota_exhausted", {"tokens": 0.5})
    text = render_metrics([report], slugs={workspace: "north"}, provider=state).decode()
    return {
        sample.name: set(sample.labels)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def selectors(node: Any) -> list[Any]:
    """Return every metric that a parsed expression reads."""
    if isinstance(node, promql_parser.VectorSelector):
        return [node]
    inner = [getattr(node, name, None) for name in ("expr", "lhs", "rhs", "vector_selector")]
    inner += list(getattr(node, "args", ()))
    return [found for part in inner if part is not None for found in selectors(part)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_reads_what_is_exposed_and_says_what_to_do(rule: dict[str, Any]) -> None:
    metrics = exposed_labels()
    read = selectors(promql_parser.parse(rule["expr"]))
    assert read
    for selector in read:
        if selector.name not in ELSEWHERE:
            labels = {matcher.name for matcher in selector.matchers.matchers}
            assert labels <= metrics[selector.name]
    promql_parser.parse_duration(rule["for"])
    assert rule["labels"]["severity"] in {"page", "ticket"}
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^#+ (.+)$", (DOCS.parent / page).read_text(), re.MULTILINE)
    assert anchor in {heading.lower() for heading in headings}


def test_an_alert_on_a_metric_that_nobody_exposes_would_be_found() -> None:
    [selector] = selectors(promql_parser.parse("max by (stage) (rate(supastate_nothing[5m])) > 1"))
    assert selector.name not in exposed_labels()
