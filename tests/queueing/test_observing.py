"""The queue can be seen: depth, ages, paces and reasons, from rows and by index, each workspace apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from processing.models import LinkQueue
from supastate.queueing.models import Status
from supastate.queueing.observing import StageReport, observe_workspace
from supastate.queueing.stages import all_stages
from supastate.queueing.statements import render_statement
from supastate.workspaces.ids import new_id
from tests.conftest import Member, make_member

METRICS = "/api/metrics"
TOKEN = "a-scraper's-token"


def observe(member: Member) -> StageReport:
    with member.scope():
        return next(report for report in observe_workspace(member.workspace.id) if report.stage == "link_memories")


def add(member: Member, **fields: object) -> None:
    with member.scope():
        LinkQueue.objects.create(workspace=member.workspace, memory_id=new_id(), **fields)


def ago(seconds: float) -> Any:
    return timezone.now() - timedelta(seconds=seconds)


def test_depth_age_and_reasons_are_counted(ada: Member, cleo: Member) -> None:
    add(ada, run_after=ago(90), due_since=ago(90))
    add(ada, run_after=ago(-60), attempts=1, error_code="timeout")
    add(ada, status=Status.PROCESSING, lease_until=ago(-60))
    add(ada, status=Status.DEAD, error_code="poison")
    add(ada, status=Status.DEAD, error_code="poison", discarded_at=ago(1))
    add(cleo, run_after=ago(900), due_since=ago(900))
    load = observe(ada).loads[ada.workspace.id]
    assert load.depth == {"pending": 2, "processing": 1, "dead": 1}
    assert load.oldest_due_seconds is not None
    assert 90 <= load.oldest_due_seconds < 100
    assert (load.retries, load.dead_letters) == ({"timeout": 1}, {"poison": 1})


def test_a_row_whose_worker_vanished_is_due(ada: Member) -> None:
    add(ada, status=Status.PROCESSING, lease_until=ago(40))
    oldest = observe(ada).loads[ada.workspace.id].oldest_due_seconds
    assert oldest is not None
    assert 40 <= oldest < 50


def test_the_pace_is_of_the_last_minutes(ada: Member) -> None:
    for taken in (1, 2, 3):
        add(ada, status=Status.COMPLETED, created_at=ago(10 + taken), processed_at=ago(10))
    add(ada, status=Status.COMPLETED, created_at=ago(124), processed_at=ago(120))
    add(ada, status=Status.COMPLETED, created_at=ago(9_000), processed_at=ago(400))
    pace = observe(ada).paces[ada.workspace.id]
    assert (pace.completed_last_minute, pace.samples) == (3, 4)
    assert pace.median_seconds == pytest.approx(2.5, abs=0.1)
    assert pace.p95_seconds == pytest.approx(3.85, abs=0.1)


def test_latency_counts_from_the_acceptance_of_the_batch(ada: Member) -> None:
    batch_id = new_id()
    later = timezone.now() + timedelta(seconds=20)
    add(ada, status=Status.COMPLETED, batch_id=batch_id, created_at=later, processed_at=later)
    assert observe(ada).paces[ada.workspace.id].median_seconds == pytest.approx(20, abs=0.5)


def test_a_quiet_workspace_has_no_latency(ada: Member) -> None:
    report = observe(ada)
    assert (report.loads, report.paces, report.pace.median_seconds) == ({}, {}, None)


def explain(name: str, table: str, workspace_id: Any, using: str = "default") -> str:
    with connections[using].cursor() as cursor:
        cursor.execute(f"EXPLAIN {render_statement(name, table)}", {"workspace": workspace_id, "seconds": 300})
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("stage", all_stages(), ids=lambda stage: stage.name)
@pytest.mark.parametrize("name", ["load", "pace", "stalled"])
def test_the_statements_fit_every_queue(ada: Member, name: str, stage: Any) -> None:
    with ada.scope(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "Index" in explain(name, stage.table, ada.workspace.id)


def test_among_many_old_rows_only_indexes_are_read(committed: None) -> None:
    ada = make_member("north", "ada")
    old = {"status": Status.COMPLETED, "created_at": ago(90_000), "processed_at": ago(80_000)}
    with ada.scope():
        LinkQueue.objects.bulk_create(
            LinkQueue(workspace=ada.workspace, memory_id=new_id(), **(old if number % 100 else {}))
            for number in range(5_000)
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE link_queue")
    with ada.scope():
        plans = [explain(name, "link_queue", ada.workspace.id) for name in ("load", "pace")]
    plans += [explain(name, "link_queue", None, using="dispatch") for name in ("load", "pace")]
    plans.append(explain("stalled", "link_queue", None, using="dispatch"))
    for name in ("owner", "dispatch"):
        connections[name].close()
    for plan in plans:
        assert "Seq Scan" not in plan
    for plan in plans[:4:2]:
        assert all(f"linkqueue_{index}" in plan for index in ("waiting", "leased", "dead")), plan
    for plan in plans[1::2]:
        assert "linkqueue_ended" in plan
    assert all(f"linkqueue_{index}" in plans[4] for index in ("waiting", "leased", "ended")), plans[4]


@pytest.fixture
def two_workspaces(committed: None) -> tuple[Member, Member]:
    members = make_member("north", "ada"), make_member("south", "cleo")
    add(members[0], run_after=ago(90), due_since=ago(90), error_code="timeout")
    add(members[1], status=Status.DEAD, error_code="poison")
    add(members[1], status=Status.COMPLETED, created_at=ago(4), processed_at=ago(2))
    return members


def test_the_scraper_sees_every_workspace(two_workspaces: Any, client: Any, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get(
        METRICS, headers={"Authorization": f"Bearer {TOKEN}", "Accept": "application/openmetrics-text"}
    )
    connections["dispatch"].close()
    lines = answer.content.decode().splitlines()
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "text/plain")
    for line in (
        'supastate_queue_rows{stage="link_memories",status="pending",workspace="north"} 1.0',
        'supastate_queue_retries{code="timeout",stage="link_memories",workspace="north"} 1.0',
        'supastate_queue_dead_letters{code="poison",stage="link_memories",workspace="south"} 1.0',
        'supastate_queue_completed_last_minute{stage="link_memories",workspace="south"} 1.0',
        'supastate_provider_state{code="",state="ok"} 1.0',
    ):
        assert line in lines
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert 90 <= float(values['supastate_queue_oldest_due_seconds{stage="link_memories",workspace="north"}']) < 100
    assert float(values['supastate_latency_seconds{quantile="0.95",stage="link_memories"}']) == pytest.approx(
        2, abs=1
    )


def test_an_admin_key_sees_its_own_workspace_alone(two_workspaces: tuple[Member, Member]) -> None:
    text = two_workspaces[0].api.get(METRICS).content.decode()
    assert 'workspace="north"' in text
    assert "south" not in text
    assert "poison" not in text


@pytest.mark.parametrize("token", ["", TOKEN])
def test_nobody_else_sees_anything(token: str, ada: Member, client: Any, settings: Any) -> None:
    settings.METRICS_TOKEN = token
    get: Callable[..., Any] = client.get
    assert get(METRICS).status_code == 401
    assert get(METRICS, headers={"Authorization": "Bearer "}).status_code == 401
    refused = get(METRICS, headers={"Authorization": "Bearer another", "Accept": "text/plain"})
    assert (refused.status_code, set(refused.json())) == (401, {"code", "detail"})
    assert make_member("north", "ben", scopes=("ingest", "search")).api.get(METRICS).status_code == 403
