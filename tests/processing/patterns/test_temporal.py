"""Bursts and rhythms: counted on the days that things happened, in the zone that is set, weeks with their year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Member
from tests.processing.patterns.conversations import NOON, Conversation, detect, patterns_of, snapshot


def prompts(member: Member, minutes: list[int], *, key: str = "s1", begins: datetime = NOON) -> Conversation:
    talk = Conversation(member, key)
    for minute in minutes:
        talk.now = begins + timedelta(minutes=minute - 1)
        talk.asks()
    return talk.store()


@pytest.mark.parametrize(
    ("minutes", "bursts"),
    [
        ([0, 5, 10, 20, 30], ["5 prompts in 30 minutes"]),
        ([0, 5, 10, 20, 31], []),
        ([0, 5, 10, 20], []),
        ([0, 1, 2, 3, 4, 30, 33], ["6 prompts in 30 minutes"]),
        ([0, 1, 2, 3, 4, 90, 91, 92, 93, 94], ["5 prompts in 4 minutes", "5 prompts in 4 minutes"]),
    ],
)
def test_a_burst_is_five_prompts_in_thirty_minutes(ada: Member, minutes: list[int], bursts: list[str]) -> None:
    prompts(ada, minutes)
    detect(ada)
    found = patterns_of(ada, "burst")
    with ada.scope():
        summaries = [row.summary for pattern in found for row in pattern.occurrences.order_by("occurred_at")]
    assert summaries == bursts


def test_two_peoples_prompts_make_no_burst(ada: Member, ben: Member) -> None:
    prompts(ada, [0, 5, 10])
    prompts(ben, [1, 6], key="s2")
    detect(ada)
    assert patterns_of(ada, "burst") == []


def test_three_weeks_of_a_weekday_are_a_rhythm_across_a_new_year(ada: Member) -> None:
    for number, day in enumerate([datetime(2025, 12, 22, 9, tzinfo=UTC) + timedelta(weeks=w) for w in range(3)]):
        prompts(ada, [0], key=f"s{number}", begins=day)
    detect(ada)
    [pattern] = patterns_of(ada, "rhythm")
    assert pattern.title == "ada works on Monday mornings: 3 weeks, 2025-W52 to 2026-W02"
    assert pattern.details == {
        "author": "ada",
        "weekday": "Monday",
        "partOfDay": "morning",
        "weeks": 3,
        "firstWeek": "2025-W52",
        "lastWeek": "2026-W02",
    }
    assert pattern.confidence == pytest.approx(1 - 0.7**3)
    assert (pattern.first_seen.year, pattern.last_seen.year) == (2025, 2026)
    before = snapshot(ada)
    detect(ada)
    assert snapshot(ada) == before


def test_a_week_counts_once(ada: Member) -> None:
    for number, hours in enumerate([0, 3, 24 * 7]):
        prompts(ada, [0], key=f"s{number}", begins=NOON + timedelta(hours=hours))
    detect(ada)
    assert patterns_of(ada, "rhythm") == []


def test_a_pause_of_two_hours_begins_another_sitting(ada: Member) -> None:
    """Three sessions begin on Sundays and go on, after a pause, in the night of Monday."""
    for week in range(3):
        late = datetime(2026, 3, 1, 22, tzinfo=UTC) + timedelta(weeks=week)
        prompts(ada, [0, 119, 4 * 60], key=f"s{week}", begins=late)
    detect(ada)
    assert {(p.details["weekday"], p.details["partOfDay"]) for p in patterns_of(ada, "rhythm")} == {
        ("Sunday", "evening"),
        ("Monday", "night"),
    }


def test_days_are_those_of_the_zone_that_is_set(ada: Member, settings: Any) -> None:
    settings.PATTERN_TIME_ZONE = "Pacific/Auckland"
    for week in range(3):
        prompts(ada, [0], key=f"s{week}", begins=NOON + timedelta(weeks=week))
    detect(ada)
    assert [(p.details["weekday"], p.details["partOfDay"]) for p in patterns_of(ada, "rhythm")] == [
        ("Tuesday", "night")
    ]
