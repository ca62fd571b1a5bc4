"""Writes what a session showed: occurrences by their ids, then the patterns counted anew from their occurrences.

Nothing is added up: a run over the same evidence finds the same rows and writes none of them. It runs under
the workspace's detection lock (`checkpoints.hold_detection`), so no other run counts at the same time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet
from django.db.models.functions import Left, Substr

from processing.models import CodeObject, Pattern, PatternOccurrence, PatternScope, PatternState, TopicLeader
from processing.patterns.kinds import DESCRIBERS
from processing.patterns.sightings import WITNESS_DIGITS, Findings, Sighting, Subject, Tally

ROWS_AT_ONCE = 2_000
FIELDS = (
    "pattern_id",
    "author_id",
    "visibility",
    "key",
    "started_at",
    "occurred_at",
    "summary",
    "memory_ids",
    "uids",
    "spans",
    "signatures",
)
COUNTED_FIELDS = ("title", "confidence", "details", "scope", "frequency", "first_seen", "last_seen")
LONGEST_TITLE, LONGEST_SUMMARY = 500, 300


def record_findings(pattern_type: str, findings: Findings, *, workspace_id: UUID) -> int:
    """Bring occurrences and patterns to what `findings` say; return how many patterns changed."""
    known = {row.pk: row for row in _find_occurrences(findings.candidates)}
    if not known and not findings.sightings:
        return 0
    patterns = _ensure_patterns(pattern_type, findings.sightings, workspace_id)
    wanted = _build_occurrences(findings.sightings, patterns, workspace_id)
    changed = [row for row in wanted if row.pk not in known or _values(row) != _values(known[row.pk])]
    stale = known.keys() - {row.pk for row in wanted}
    before = [known[row_id] for row_id in (*stale, *(row.pk for row in changed if row.pk in known))]
    # A sighting that moves to another pattern is written anew: its key is unique within each pattern alone.
    PatternOccurrence.objects.filter(pk__in=[row.pk for row in before]).delete()
    PatternOccurrence.objects.bulk_create(changed, batch_size=ROWS_AT_ONCE)
    return _recount({row.pattern_id for row in (*before, *changed)})


def forget_evidence(memory_ids: Sequence[UUID]) -> None:
    """Withdraw what rests on memories that are deleted, rewritten or made private: titles and summaries quote it.

    What of it still holds is found again when its conversation goes on.
    """
    TopicLeader.objects.filter(memory_id__in=memory_ids).delete()
    rows = list(PatternOccurrence.objects.filter(memory_ids__overlap=list(memory_ids)).only("pattern_id"))
    PatternOccurrence.objects.filter(pk__in=[row.pk for row in rows]).delete()
    ids = {row.pattern_id for row in rows}
    # A topic is quoted by what its leader said; its other members lead a new one when they come up again.
    Pattern.objects.filter(pk__in=ids, details__memory__in=[str(memory_id) for memory_id in memory_ids]).delete()
    _recount(ids)


def _find_occurrences(ids: Collection[UUID]) -> Iterator[PatternOccurrence]:
    rest = iter(sorted(ids))
    while part := list(islice(rest, ROWS_AT_ONCE)):
        yield from PatternOccurrence.objects.filter(pk__in=part)


def _values(row: PatternOccurrence) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in FIELDS)


def _ensure_patterns(pattern_type: str, sightings: Sequence[Sighting], workspace_id: UUID) -> dict[Subject, UUID]:
    subjects = {sighting.subject.key: sighting for sighting in sightings}
    ids = _find_patterns(pattern_type, subjects)
    missing = [
        _build_pattern(pattern_type, sighting, workspace_id)
        for key, sighting in sorted(subjects.items())
        if key not in ids
    ]
    Pattern.objects.bulk_create(missing)
    ids |= {pattern.key: pattern.pk for pattern in missing}
    return {sighting.subject: ids[sighting.subject.key] for sighting in sightings}


def _find_patterns(pattern_type: str, keys: Collection[str]) -> dict[str, UUID]:
    found = Pattern.objects.filter(type=pattern_type, key__in=list(keys))
    return dict(found.values_list("key", "pk"))


def _build_pattern(pattern_type: str, sighting: Sighting, workspace_id: UUID) -> Pattern:
    subject = sighting.subject
    return Pattern(
        workspace_id=workspace_id,
        project_id=subject.project_id,
        author_id=subject.audience.author_id,
        visibility=subject.audience.visibility,
        type=pattern_type,
        subtype=subject.subtype,
        key=subject.key,
        first_seen=sighting.occurred_at,
        last_seen=sighting.occurred_at,
        details=subject.details,
    )


def _build_occurrences(
    sightings: Sequence[Sighting], patterns: dict[Subject, UUID], workspace_id: UUID
) -> list[PatternOccurrence]:
    uids = _find_file_uids(sightings)
    return [
        PatternOccurrence(
            id=sighting.id,
            workspace_id=workspace_id,
            pattern_id=patterns[sighting.subject],
            author_id=sighting.author_id,
            visibility=sighting.subject.audience.visibility,
            key=sighting.key,
            started_at=sighting.started_at,
            occurred_at=sighting.occurred_at,
            summary=sighting.summary[:LONGEST_SUMMARY],
            memory_ids=list(sighting.memory_ids),
            spans=[[str(memory_id), first, past] for memory_id, first, past in sighting.spans],
            signatures=list(sighting.signatures),
            uids=[
                uids[sighting.subject.project_id, path]
                for path in sighting.paths
                if (sighting.subject.project_id, path) in uids
            ],
        )
        for sighting in sightings
    ]


def _find_file_uids(sightings: Sequence[Sighting]) -> dict[tuple[UUID | None, str], str]:
    paths: dict[UUID, set[str]] = defaultdict(set)
    for sighting in sightings:
        if sighting.subject.project_id is not None:
            paths[sighting.subject.project_id].update(sighting.paths)
    return {
        (project_id, path): uid
        for project_id, wanted in paths.items()
        for path, uid in CodeObject.objects.filter(
            project_id=project_id, kind="file", file__path__in=wanted
        ).values_list("file__path", "uid")
    }


def _recount(ids: Collection[UUID]) -> int:
    counted = _count_occurrences(ids)
    patterns = list(Pattern.objects.filter(pk__in=ids))
    alive = [pattern for pattern in patterns if pattern.pk in counted]
    for pattern in alive:
        _describe(pattern, counted[pattern.pk])
    # An upsert by id: a tenth of the cost of Django's bulk_update, which writes a CASE for each field and row.
    Pattern.objects.bulk_create(
        alive, update_conflicts=True, unique_fields=["id"], update_fields=COUNTED_FIELDS, batch_size=ROWS_AT_ONCE
    )
    _drop_unseen(Pattern.objects.filter(pk__in=[pattern.pk for pattern in patterns if pattern.pk not in counted]))
    return len(patterns)


def _describe(pattern: Pattern, tally: Tally) -> None:
    description = DESCRIBERS[pattern.subtype](pattern.details, tally)
    pattern.title = description.title[:LONGEST_TITLE]
    pattern.confidence = description.confidence
    pattern.details = description.details
    pattern.scope = _find_scope(pattern, tally)
    pattern.frequency = tally.occurrences
    pattern.first_seen, pattern.last_seen = tally.first, tally.last


def _find_scope(pattern: Pattern, tally: Tally) -> str:
    if tally.authors == 1:
        return PatternScope.PERSON
    return PatternScope.PROJECT if pattern.project_id else PatternScope.TEAM


def _drop_unseen(patterns: QuerySet[Pattern]) -> None:
    """Delete patterns without evidence; what a person judged is only hidden, and keeps its state if it returns."""
    patterns.filter(state=PatternState.NEW).delete()
    patterns.update(frequency=0, confidence=0.0)


def _count_occurrences(ids: Collection[UUID]) -> dict[UUID, Tally]:
    rows = PatternOccurrence.objects.filter(pattern_id__in=ids).order_by()
    marks: dict[UUID, dict[str, int]] = defaultdict(dict)
    by_mark = rows.values("pattern_id", mark=Substr("key", WITNESS_DIGITS + 1, 1)).annotate(number=Count("pk"))
    for row in by_mark:
        marks[row["pattern_id"]][row["mark"]] = row["number"]
    totals = rows.values("pattern_id").annotate(
        number=Count("pk"),
        sessions=Count(Left("key", WITNESS_DIGITS), distinct=True),
        authors=Count("author", distinct=True),
        first=Min("occurred_at"),
        last=Max("occurred_at"),
    )
    return {
        row["pattern_id"]: Tally(
            occurrences=row["number"],
            sessions=row["sessions"],
            by_mark=marks[row["pattern_id"]],
            authors=row["authors"],
            first=row["first"],
            last=row["last"],
        )
        for row in totals
    }
