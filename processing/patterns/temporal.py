"""Temporal: when a person works with the assistant.

Two patterns, both of what a person typed, by author and project. A burst is a run of prompts of one session, each
of which lies among five within 30 minutes. A rhythm is the same part of the same weekday in three weeks or more:
a session is split into sittings where nothing was typed for two hours, and a sitting counts for the part of the
day that it begins in. Days and hours are those of `PATTERN_TIME_ZONE` (UTC by default) and of when it happened,
so a backfill lands on its days; a week is an ISO week with its year (2026-W01 may begin in December 2025).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings

from processing.models import PatternSubtype, PatternType
from processing.patterns.people import name_author
from processing.patterns.reading import Step, Talk, read_prompts
from processing.patterns.sightings import (
    MOST_EVIDENCE,
    SIGHTINGS,
    Description,
    Findings,
    Sighting,
    Subject,
    Tally,
    count,
    doubt,
    name_sighting,
)

BURST, SITTING = "b", "r"
BURST_PROMPTS = 5
BURST_SPAN = timedelta(minutes=30)
SITTING_GAP = timedelta(hours=2)
FEWEST_WEEKS = 3
RELIABILITY_OF_BURST = 0.4
RELIABILITY_OF_WEEK = 0.3
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARTS_OF_DAY = ("night", "morning", "afternoon", "evening")  # six hours each, from midnight


def find_rhythm(talk: Talk) -> Findings:
    """Return the bursts and sittings of a session."""
    prompts = sorted(read_prompts(talk), key=_place)
    candidates = {_name(prompt.memory_id, mark) for prompt in prompts for mark in (BURST, SITTING)}
    sightings: list[Sighting] = []
    for _, group in groupby(prompts, key=_place):
        own = sorted(group, key=lambda prompt: prompt.occurred_at)
        sightings += [_build_burst(burst, talk) for burst in _find_bursts(own)]
        sightings += [_build_sitting(sitting) for sitting in _split_sittings(own)]
    return Findings(tuple(sightings), frozenset(candidates))


def describe_burst(details: dict[str, Any], tally: Tally) -> Description:
    """Title and confidence of working in bursts.

    Confidence = 1 - 0.6^n, n the bursts: noisy-or (Pearl 1988), since one burst may be chance.
    """
    return Description(
        title=f"{details['author']} works in bursts: {count(tally.occurrences, 'time')} {BURST_PROMPTS} or more"
        " prompts within 30 minutes",
        confidence=round(1 - doubt(RELIABILITY_OF_BURST, tally.occurrences), 4),
        details={**details, "sessions": tally.sessions},
    )


def describe_rhythm(details: dict[str, Any], tally: Tally) -> Description:
    """Title and confidence of a time of the week that comes again.

    Confidence = 1 - 0.7^w, w the weeks: noisy-or as above. It is 0 below 3 weeks.
    """
    weeks = tally.sessions
    first, last = _name_week(tally.first), _name_week(tally.last)
    return Description(
        title=f"{details['author']} works on {details['weekday']} {details['partOfDay']}s:"
        f" {weeks} weeks, {first} to {last}",
        confidence=round(1 - doubt(RELIABILITY_OF_WEEK, weeks), 4) if weeks >= FEWEST_WEEKS else 0.0,
        details={**details, "weeks": weeks, "firstWeek": first, "lastWeek": last},
    )


def _place(prompt: Step) -> tuple[str, str]:
    return prompt.audience.key, str(prompt.project_id or "")


def _find_bursts(prompts: Sequence[Step]) -> Iterator[list[Step]]:
    """Yield runs of prompts each of which lies among five within 30 minutes."""
    burst: list[Step] = []
    for number, prompt in enumerate(prompts):
        if _lies_in_burst(prompts, number) and (not burst or _joins(prompts, number)):
            burst.append(prompt)
            continue
        if burst:
            yield burst
        burst = [prompt] if _lies_in_burst(prompts, number) else []
    if burst:
        yield burst


def _lies_in_burst(prompts: Sequence[Step], number: int) -> bool:
    starts = range(max(number - BURST_PROMPTS + 1, 0), number + 1)
    return any(_begins_burst(prompts, start) for start in starts)


def _joins(prompts: Sequence[Step], number: int) -> bool:
    """Tell whether a prompt and the one before lie in one window of five."""
    starts = range(max(number - BURST_PROMPTS + 1, 0), number)
    return any(_begins_burst(prompts, start) for start in starts)


def _begins_burst(prompts: Sequence[Step], start: int) -> bool:
    last = start + BURST_PROMPTS - 1
    return last < len(prompts) and prompts[last].occurred_at - prompts[start].occurred_at <= BURST_SPAN


def _split_sittings(prompts: Sequence[Step]) -> Iterator[list[Step]]:
    sitting = list(prompts[:1])
    for before, prompt in pairwise(prompts):
        if prompt.occurred_at - before.occurred_at >= SITTING_GAP:
            yield sitting
            sitting = []
        sitting.append(prompt)
    if sitting:
        yield sitting


def _build_burst(burst: Sequence[Step], talk: Talk) -> Sighting:
    minutes = round((burst[-1].occurred_at - burst[0].occurred_at).total_seconds() / 60)
    about = (("author", name_author(burst[0].audience.author_id)),)
    summary = f"{len(burst)} prompts in {count(minutes, 'minute')}"
    return _build_sighting(burst, BURST, PatternSubtype.BURST, about, witness=talk.id, summary=summary)


def _build_sitting(sitting: Sequence[Step]) -> Sighting:
    """Return a sitting as a sighting whose witness is its week: two sittings of one week are one week."""
    began = _local(sitting[0].occurred_at)
    about = (
        ("author", name_author(sitting[0].audience.author_id)),
        ("weekday", WEEKDAYS[began.weekday()]),
        ("partOfDay", PARTS_OF_DAY[began.hour // 6]),
    )
    week = _name_week(began)
    summary = f"{week}: {began:%A %H:%M}, {count(len(sitting), 'prompt')}"
    witness = uuid5(SIGHTINGS, week)
    return _build_sighting(sitting, SITTING, PatternSubtype.RHYTHM, about, witness=witness, summary=summary)


def _build_sighting(
    prompts: Sequence[Step],
    mark: str,
    subtype: str,
    about: tuple[tuple[str, str], ...],
    *,
    witness: UUID,
    summary: str,
) -> Sighting:
    first = prompts[0]
    return Sighting(
        id=_name(first.memory_id, mark),
        subject=Subject(first.audience, first.project_id, subtype, about),
        witness=witness,
        mark=mark,
        started_at=first.occurred_at,
        # A sitting counts for the time that it began at, a burst for when it was complete.
        occurred_at=first.occurred_at if mark == SITTING else prompts[-1].occurred_at,
        memory_ids=tuple(prompt.memory_id for prompt in prompts[:MOST_EVIDENCE]),
        summary=summary,
    )


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(settings.PATTERN_TIME_ZONE))


def _name_week(moment: datetime) -> str:
    year, week, _ = _local(moment).isocalendar()
    return f"{year}-W{week:02}"


def _name(memory_id: UUID, mark: str) -> UUID:
    return name_sighting(PatternType.TEMPORAL, memory_id, mark)
