"""Reads times as people write them: `yesterday`, `last week`, `3 days ago`, `in October`, `2026-10-01`.

Periods are those of the calendar of `now`, which carries the reader's time zone; weeks begin on Monday. A month
or a weekday without a year is the latest that has begun.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
SHORT = {"h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}
# Beside one of these, `today` and `yesterday` say when; elsewhere they may be what is searched for.
CONNECTING = frozenset(
    {"about", "at", "by", "did", "for", "from", "had", "i", "in", "of", "on", "regarding", "was", "we", "were"}
    | {"when", "while", "with"}
)

_NUMBER = rf"(?:\d{{1,4}}|{'|'.join(NUMBERS)})"
_UNIT = r"(?:minute|hour|day|week|month|year)s?"
_DAY, _MONTH = "|".join(DAYS), "|".join(MONTHS)
_RELATIVE = (
    rf"(?:this\s+(?:week|month|year)|(?:last|past|previous)\s+(?:hour|week|month|year|{_DAY}|{_MONTH})"
    rf"|(?:last|past)\s+{_NUMBER}\s+{_UNIT}|{_NUMBER}\s+{_UNIT}\s+ago)"
)
_DATE = rf"(?:\d{{4}}-\d\d-\d\d|(?:{_MONTH})(?:\s+\d{{4}})?)"
_POINT = rf"(?:today|yesterday|{_RELATIVE}|{_DATE}|{_DAY})"
_ENDS = r"(?=[?!.,;:]*(?:\s|$))"
_PHRASE = re.compile(
    rf"(?<!\S)(?:(?P<lead>since|after|before|until|till)\s+(?P<point>{_POINT})"
    rf"|(?:from|between)\s+(?P<first>{_DATE}|{_RELATIVE}|yesterday)\s+(?:to|and|until|till)\s+"
    rf"(?P<last>{_DATE}|{_RELATIVE}|today|yesterday)"
    rf"|in\s+(?P<month>(?:{_MONTH})(?:\s+\d{{4}})?)|on\s+(?P<date>\d{{4}}-\d\d-\d\d)"
    rf"|(?:(?:in|over|during|within|from)\s+)?(?:the\s+)?(?P<relative>{_RELATIVE})"
    rf"|(?P<bare>today|yesterday)){_ENDS}",
    re.IGNORECASE,
)
_WORD_BEFORE, _WORD_AFTER = re.compile(r"(\S+)\s+$"), re.compile(r"[?!.,;:]*\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until just before `until`, in UTC; a moment has both the same."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Bound:
    """A time in a text: what it says of the beginning and the end, and where it stands: [start, end)."""

    since: datetime | None
    until: datetime | None
    start: int
    end: int


def find_bounds(text: str, now: datetime) -> Iterator[Bound]:
    """Find the phrases of a text that clearly say when, in order."""
    for match in _PHRASE.finditer(text):
        if match["bare"] and not _says_when(text, match.start(), match.end()):
            continue
        found = _read_match(match, now)
        if found is not None:
            yield Bound(*found, match.start(), match.end())


def read_moment(lead: str, text: str, now: datetime) -> datetime | None:
    """Return the moment that `since`, `after`, `before` or `until` a time means; None if it is no time.

    `after` begins where the period ends, `before` ends where it begins; `until` and `since` take it in.
    """
    period = read_period(text, now)
    if period is None:
        return None
    return period.since if lead in {"since", "before"} else period.until


def read_period(text: str, now: datetime) -> Period | None:
    """Return the period that a text means as a whole, None if it means none."""
    words = text.lower().split()
    try:
        found = _read_iso(text, now) or _read_words(words, now)
        return Period(found.since.astimezone(UTC), found.until.astimezone(UTC)) if found else None
    except (OverflowError, ValueError):
        return None  # a date that no calendar has


def _says_when(text: str, start: int, end: int) -> bool:
    before, after = _WORD_BEFORE.search(text[max(0, start - 40) : start]), _WORD_AFTER.match(text, end)
    if not text[:start].strip() or not text[end:].strip(" \t\n?!.,;:"):
        return True
    return any(match is not None and match[1].lower() in CONNECTING for match in (before, after))


def _read_match(match: re.Match[str], now: datetime) -> tuple[datetime | None, datetime | None] | None:
    if match["lead"]:
        lead = match["lead"].lower()
        moment = read_moment(lead, match["point"], now)
        return ((moment, None) if lead in {"since", "after"} else (None, moment)) if moment else None
    if match["first"]:
        first, last = read_period(match["first"], now), read_period(match["last"], now)
        return (first.since, last.until) if first and last and first.since < last.until else None
    whole = match["month"] or match["date"] or match["relative"] or match["bare"]
    period = read_period(whole, now)
    return (period.since, period.until) if period else None


def _read_iso(text: str, now: datetime) -> Period | None:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        first = date.fromisoformat(text)
        return _between(first, first + timedelta(days=1), now)
    if re.fullmatch(r"\d{4}-\d\d", text, re.ASCII):
        return _months(int(text[:4]), int(text[5:]), 1, now)
    if re.fullmatch(r"(?:19|20)\d\d", text, re.ASCII):
        return _months(int(text), 1, 12, now)
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d", text, re.ASCII):
        return None
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
    return Period(moment, moment)


def _read_words(words: list[str], now: datetime) -> Period | None:
    match words:
        case ["today"]:
            return _day(0, now)
        case ["yesterday"]:
            return _day(1, now)
        case ["this" | "last" | "past" | "previous" as which, unit] if unit in {"hour", "week", "month", "year"}:
            return (
                _unit_before(unit, 0 if which == "this" else 1, now) if which != "past" else _rolling(1, unit, now)
            )
        case ["last" | "past", number, units] if (count := _count(number)) is not None:
            return _rolling(count, units.removesuffix("s"), now)
        case [number, units, "ago"] if (count := _count(number)) is not None:
            return _unit_before(units.removesuffix("s"), count, now)
        case ["last" | "past" | "previous", name]:
            return _named([name], now, earlier=True)
        case [short] if found := re.fullmatch(r"(\d{1,4})(mo|[hdwy])", short, re.ASCII):
            since = _rolling(int(found[1]), SHORT[found[2]], now)
            return Period(since.since, since.since) if since else None
    return _named(words, now, earlier=False)


def _named(words: list[str], now: datetime, *, earlier: bool) -> Period | None:
    """A weekday or a month by name, a month perhaps with its year; `earlier`: not the one that is now."""
    if len(words) == 1 and words[0] in DAYS:
        back = (now.weekday() - DAYS.index(words[0])) % 7
        return _day(back or (7 if earlier else 0), now)
    number = next((n for n, name in enumerate(MONTHS, 1) if words and words[0] in {name, name[:3]}), 0)
    if not number or len(words) > 2:
        return None
    if len(words) == 2:
        return _months(int(words[1]), number, 1, now) if re.fullmatch(r"\d{4}", words[1], re.ASCII) else None
    begun = number < now.month if earlier else number <= now.month
    return _months(now.year if begun else now.year - 1, number, 1, now)


def _count(word: str) -> int | None:
    return int(word) if re.fullmatch(r"\d{1,4}", word, re.ASCII) else NUMBERS.get(word)


def _rolling(count: int, unit: str, now: datetime) -> Period | None:
    """The last `count` units up to now."""
    if unit in SECONDS:
        return Period(now.astimezone(UTC) - timedelta(seconds=count * SECONDS[unit]), now)
    month = _unit_before(unit, count, now)
    if month is None:
        return None
    days = timedelta(days=now.day - 1 if unit == "month" else now.timetuple().tm_yday - 1)
    return Period(min(month.since + days, month.until), now)


def _unit_before(unit: str, count: int, now: datetime) -> Period | None:
    """The day, week, month or year that was `count` of them ago; of hours and minutes that span itself."""
    match unit:
        case "minute" | "hour":
            since = now.astimezone(UTC) - timedelta(seconds=count * SECONDS[unit])
            return Period(since, since + timedelta(seconds=SECONDS[unit]))
        case "day":
            return _day(count, now)
        case "week":
            monday = now.date() - timedelta(days=now.weekday() + 7 * count)
            return _between(monday, monday + timedelta(days=7), now)
        case "month":
            years, month = divmod(now.year * 12 + now.month - 1 - count, 12)
            return _months(years, month + 1, 1, now)
        case "year":
            return _months(now.year - count, 1, 12, now)
    return None


def _day(back: int, now: datetime) -> Period:
    day = now.date() - timedelta(days=back)
    return _between(day, day + timedelta(days=1), now)


def _months(year: int, month: int, count: int, now: datetime) -> Period:
    years, following = divmod(year * 12 + month - 1 + count, 12)
    return _between(date(year, month, 1), date(years, following + 1, 1), now)


def _between(first: date, end: date, now: datetime) -> Period:
    return Period(*(datetime.combine(day, time.min, tzinfo=now.tzinfo) for day in (first, end)))
