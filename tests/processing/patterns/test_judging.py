"""What people say of a pattern stays, and how it is told now: state, scope, trend."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from processing.models import Memory, Pattern, PatternCheckpoint
from processing.patterns.rendering import name_trend
from tests.conftest import Member, make_member
from tests.processing.patterns.conversations import Conversation, detect, make_project

pytestmark = pytest.mark.usefixtures("redis_url")


def fix(member: Member, key: str, **options: object) -> Conversation:
    talk = Conversation(member, key, **options)  # type: ignore[arg-type]
    talk.fixes("make test", "a.py")
    return talk.store()


def the_pattern(member: Member) -> str:
    [pattern] = member.api.get("/api/patterns").json()["results"]
    return f"/api/patterns/{pattern['id']}"


def test_dismissed_stays_dismissed_whatever_is_seen_later(ada: Member) -> None:
    fix(ada, "s1")
    detect(ada)
    one = the_pattern(ada)
    answer = ada.api.patch(one, {"state": "dismissed"}, format="json")
    assert (answer.status_code, answer.json()["state"]) == (200, "dismissed")
    fix(ada, "s2")
    with ada.scope():
        PatternCheckpoint.objects.all().delete()
    detect(ada)
    assert ada.api.get("/api/patterns").json()["results"] == []
    [pattern] = ada.api.get("/api/patterns", {"state": "dismissed"}).json()["results"]
    assert pattern["frequency"] == 2


def test_a_judged_pattern_keeps_its_state_while_its_evidence_is_away(ada: Member) -> None:
    talk = fix(ada, "s1")
    detect(ada)
    one = the_pattern(ada)
    ada.api.patch(one, {"state": "confirmed"}, format="json")
    with ada.scope():
        kept = list(Memory.objects.values())
        Memory.objects.filter(tool__success=True).delete()
    talk.asks("More.")
    talk.store()
    detect(ada)
    assert ada.api.get(one).status_code == 404
    with ada.scope():
        present = set(Memory.objects.values_list("pk", flat=True))
        Memory.objects.bulk_create(Memory(**row) for row in kept if row["id"] not in present)
        PatternCheckpoint.objects.all().delete()
    detect(ada)
    assert ada.api.get(one).json()["state"] == "confirmed"


def test_a_state_must_be_one_of_three_and_the_pattern_visible(ada: Member, cleo: Member) -> None:
    fix(ada, "s1")
    detect(ada)
    one = the_pattern(ada)
    answer = ada.api.patch(one, {"state": "gone"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_choice")
    assert ada.api.patch(one, {}, format="json").json()["code"] == "required"
    assert cleo.api.patch(one, {"state": "confirmed"}, format="json").status_code == 404
    reader = make_member("north", "dora", scopes=["search"])
    assert reader.api.patch(one, {"state": "confirmed"}, format="json").status_code == 403
    with ada.scope():
        assert Pattern.objects.get(subtype="fix").state == "new"


def test_scope_is_that_of_the_authors(ada: Member, ben: Member) -> None:
    project = make_project(ada)
    fix(ada, "s1", project=project)
    detect(ada)
    assert ada.api.get("/api/patterns", {"scope": "person"}).json()["results"] != []
    fix(ben, "s2", project=project)
    detect(ada)
    [pattern] = ada.api.get("/api/patterns", {"scope": "project"}).json()["results"]
    assert (pattern["frequency"], pattern["subtype"]) == (2, "fix")


@pytest.mark.parametrize(
    ("days_ago", "trend"),
    [([3], "new"), ([3, 5, 40], "rising"), ([3, 40], "steady"), ([3, 40, 41], "falling"), ([70], "quiet")],
)
def test_the_trend_compares_thirty_days_with_the_thirty_before(
    ada: Member, days_ago: list[int], trend: str
) -> None:
    for number, days in enumerate(days_ago):
        fix(ada, f"s{number}", begins=datetime.now(UTC) - timedelta(days=days))
    detect(ada)
    [pattern] = ada.api.get("/api/patterns", {"subtype": "fix"}).json()["results"]
    assert pattern["trend"] == trend


def test_what_only_went_away_is_falling() -> None:
    assert name_trend(recent=0, earlier=2, frequency=2) == "falling"


@pytest.mark.parametrize("share", ["-0.1", "1.5", "much", "nan"])
def test_a_confidence_outside_of_0_to_1_is_refused(ada: Member, share: str) -> None:
    answer = ada.api.get("/api/patterns", {"minConfidence": share})
    assert (answer.status_code, answer.json()["field"]) == (400, "minConfidence")
