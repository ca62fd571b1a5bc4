"""Times as people write them, on Saturday 21 November 2026, 16:30 in Berlin."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supastate.search.timewords import find_bounds, read_moment, read_period

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 16, 30, tzinfo=BERLIN)


def local(moment: datetime | None) -> str:
    """A moment in Berlin: its date alone if it is midnight."""
    if moment is None:
        return ""
    assert moment.tzinfo == UTC
    text = moment.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")
    return text.removesuffix(" 00:00")


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("today", "2026-11-21", "2026-11-22"),
        ("Yesterday", "2026-11-20", "2026-11-21"),
        ("this week", "2026-11-16", "2026-11-23"),
        ("last week", "2026-11-09", "2026-11-16"),
        ("previous month", "2026-10-01", "2026-11-01"),
        ("past month", "2026-10-21", "2026-11-21 16:30"),
        ("past week", "2026-11-14 16:30", "2026-11-21 16:30"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("last 3 days", "2026-11-18 16:30", "2026-11-21 16:30"),
        ("past two hours", "2026-11-21 14:30", "2026-11-21 16:30"),
        ("3 days ago", "2026-11-18", "2026-11-19"),
        ("a week ago", "2026-11-09", "2026-11-16"),
        ("2 months ago", "2026-09-01", "2026-10-01"),
        ("2 hours ago", "2026-11-21 14:30", "2026-11-21 15:30"),
        ("saturday", "2026-11-21", "2026-11-22"),
        ("last saturday", "2026-11-14", "2026-11-15"),
        ("monday", "2026-11-16", "2026-11-17"),
        ("october", "2026-10-01", "2026-11-01"),
        ("oct", "2026-10-01", "2026-11-01"),
        ("november", "2026-11-01", "2026-12-01"),
        ("december", "2025-12-01", "2026-01-01"),
        ("last november", "2025-11-01", "2025-12-01"),
        ("may 2024", "2024-05-01", "2024-06-01"),
        ("2026-10-05", "2026-10-05", "2026-10-06"),
        ("2026-02", "2026-02-01", "2026-03-01"),
        ("2025", "2025-01-01", "2026-01-01"),
        ("2026-11-20T10:00", "2026-11-20 10:00", "2026-11-20 10:00"),
        ("2026-11-20T10:00Z", "2026-11-20 11:00", "2026-11-20 11:00"),
        ("7d", "2026-11-14 16:30", "2026-11-14 16:30"),
    ],
)
def test_a_time_is_a_period_of_the_readers_calendar(text: str, since: str, until: str) -> None:
    period = read_period(text, NOW)
    assert period is not None
    assert (local(period.since), local(period.until)) == (since, until)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "2026-13-01",
        "2026-02-30",
        "0000",
        "9999 years ago",
        "last banana",
        "may 99999",
        "³ days ago",
    ],
)
def test_what_no_calendar_has_is_no_time(text: str) -> None:
    assert read_period(text, NOW) is None


@pytest.mark.parametrize(
    ("lead", "moment"),
    [("since", "2026-11-09"), ("after", "2026-11-16"), ("before", "2026-11-09"), ("until", "2026-11-16")],
)
def test_since_and_until_take_the_period_in_and_after_and_before_leave_it_out(lead: str, moment: str) -> None:
    assert local(read_moment(lead, "last week", NOW)) == moment


def test_a_day_lasts_from_midnight_to_midnight_when_the_clocks_change() -> None:
    period = read_period("2026-10-25", NOW)
    assert period is not None
    assert (period.until - period.since).total_seconds() == 25 * 3600


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("what did we decide yesterday about leases", [("yesterday", "2026-11-20", "2026-11-21")]),
        ("yesterday leases", [("yesterday", "2026-11-20", "2026-11-21")]),
        ("leases yesterday?", [("yesterday", "2026-11-20", "2026-11-21")]),
        ("what changed since Monday", [("since Monday", "2026-11-16", "")]),
        ("failures before last week", [("before last week", "", "2026-11-09")]),
        ("deploys in October", [("in October", "2026-10-01", "2026-11-01")]),
        ("bugs in the last 3 days", [("in the last 3 days", "2026-11-18 16:30", "2026-11-21 16:30")]),
        ("fixed 3 days ago", [("3 days ago", "2026-11-18", "2026-11-19")]),
        ("from 2026-10-01 to 2026-10-05 leases", [("from 2026-10-01 to 2026-10-05", "2026-10-01", "2026-10-06")]),
        ("between last week and today", [("between last week and today", "2026-11-09", "2026-11-22")]),
        ("merged on 2026-10-05", [("on 2026-10-05", "2026-10-05", "2026-10-06")]),
        (
            "after yesterday but before today",
            [("after yesterday", "2026-11-21", ""), ("before today", "", "2026-11-21")],
        ),
    ],
)
def test_a_phrase_that_says_when_is_found(text: str, phrases: list[tuple[str, str, str]]) -> None:
    found = [(text[b.start : b.end], local(b.since), local(b.until)) for b in find_bounds(text, NOW)]
    assert found == phrases


@pytest.mark.parametrize(
    "text",
    [
        "the yesterday function",
        "convert today to a string",
        "read_yesterday today.py yesterday()",
        "last minute change",
        "the last day of the month",
        "it may march on",
        "2026-10-05 release notes",
        "deploys run on monday",
        "since we moved to leases",
        "after 2000 retries",
        "from monday to friday",
        "from 2026-10-05 to 2026-10-01",
        "this function",
        "last week's",
    ],
)
def test_words_that_may_be_what_is_searched_for_are_left_alone(text: str) -> None:
    assert list(find_bounds(text, NOW)) == []


@given(st.text(alphabet="0123456789 -:TZ+adehklmnorstuwy", max_size=40))
def test_any_text_is_a_period_or_none(text: str) -> None:
    period = read_period(text, NOW)
    assert period is None or period.since <= period.until
