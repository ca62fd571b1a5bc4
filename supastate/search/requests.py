"""Reads what is asked of search, the same from a query string and from a body: parameters, and what is understood
of the query. A parameter and the query may speak of the same thing; what is found meets both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from processing.models import Role
from supastate.api import inputs
from supastate.errors import InvalidInputError
from supastate.search.cursors import (
    LONGEST_CURSOR,
    SearchCursor,
    broken_cursor,
    identify_search,
    read_search_cursor,
)
from supastate.search.model import FACETS, Filters, GroupBy, Kind, SearchRequest
from supastate.search.understanding import Understood, understand

LONGEST_QUERY = 10_000
MOST_RESULTS = 100
MOST_IN_GROUP = 20
MOST_VALUES = 100
# Each filter by the name that the query's operators use, with the names of its parameters.
LISTS = {
    "project": ("project", "projects"),
    "session": ("session", "sessions"),
    "author": ("author", "authors"),
    "role": ("role", "roles"),
    "path": ("path", "paths"),
    "language": ("language", "languages"),
    "codeKind": ("codeKind", "codeKinds"),
    "kinds": ("kind", "kinds"),
}
CHOICES = {"role": Role.values, "kinds": [kind.value for kind in Kind]}
KNOWN = frozenset(
    {
        "q",
        "query",
        "workspace",
        "since",
        "until",
        "dateRange",
        "limit",
        "cursor",
        "explain",
        "timezone",
        "understand",
    }
    | {"groupBy", "groupSize", "facets", "related"}
    | {name for names in LISTS.values() for name in names}
)

Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was asked for: `request` still lacks the filters whose names must be looked up.

    `given` are those of the parameters and `said` those of the query, by the names of `LISTS`. `identity` tells
    the search from others on all of its pages.
    """

    request: SearchRequest
    understood: Understood
    given: Names
    said: Names
    cursor: SearchCursor | None
    asked_at: datetime
    identity: str
    warnings: Sequence[str]

    @property
    def has_free_times(self) -> bool:
        """Whether words to search for would be left if the times among them were words too."""
        return bool(self.request.query) and not all(item.is_sure for item in self.understood.conditions)


def read_search(
    values: Mapping[str, Any], *, kinds: Sequence[Kind], whose: object, now: datetime, free_times: bool = True
) -> Asked:
    """Read a search of `kinds` at the time `now`; `whose` names the workspace, whose cursors are its own.

    Without `free_times` the query's times are words, as on later pages of a search that found nothing with them.
    """
    cursor = read_search_cursor(inputs.read_text(values, "cursor", most=LONGEST_CURSOR), now=now)
    asked_at = cursor.asked_at if cursor else now
    zone = _read_zone(values)
    understood = _understand(values, asked_at.astimezone(zone), free_times=free_times)
    given = {name: found for name in LISTS if (found := _read_list(values, name)) is not None}
    period = _read_period(values, understood)
    if not (understood.text or understood.conditions or given or any(period)):
        raise InvalidInputError(
            "q is required: say what to search for, or name a filter.", code="required", field="q"
        )
    request = SearchRequest(
        query=understood.text,
        kinds=kinds,
        limit=inputs.read_number(values, "limit", default=20, most=MOST_RESULTS),
        filters=Filters(since=period[0], until=period[1], newest_id=cursor.newest_id if cursor else None),
        after=cursor.place if cursor else None,
        explain=inputs.read_flag(values, "explain"),
        group_by=_read_group(values),
        group_size=inputs.read_number(values, "groupSize", default=3, most=MOST_IN_GROUP),
        facets=_read_facets(values),
        related=inputs.read_flag(values, "related"),
    )
    said = _collect(understood)
    identity = identify_search([str(whose), request.query, list(kinds), given, said, period, request.group_by])
    warnings = [*understood.warnings, *inputs.find_unknown(values, KNOWN)]
    asked = Asked(request, understood, given, said, cursor, asked_at, identity, warnings)
    if cursor is None or cursor.search == identity:
        return asked
    if asked.has_free_times and free_times:
        return read_search(values, kinds=kinds, whose=whose, now=now, free_times=False)
    raise broken_cursor()


def _understand(values: Mapping[str, Any], now: datetime, *, free_times: bool) -> Understood:
    query = inputs.read_text(values, "q", most=LONGEST_QUERY) or inputs.read_text(
        values, "query", most=LONGEST_QUERY
    )
    if not inputs.read_flag(values, "understand", default=True):
        return Understood(query.strip())
    return understand(query, now, free_times=free_times)


def _read_zone(values: Mapping[str, Any]) -> ZoneInfo:
    name = inputs.read_text(values, "timezone", most=64, default="UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise InvalidInputError(
            "timezone must be a name such as Europe/Berlin.", code="invalid_choice", field="timezone"
        ) from exc


def _read_list(values: Mapping[str, Any], name: str) -> list[str] | None:
    found = [read_texts(values, field, choices=CHOICES.get(name, ())) for field in LISTS[name]]
    return [text for texts in found if texts for text in texts] or None


def read_texts(values: Mapping[str, Any], field: str, *, choices: Collection[str] = ()) -> list[str] | None:
    """Return a filter given once, repeatedly (query string) or as an array; None if absent."""
    raw = values.getlist(field) if hasattr(values, "getlist") else values.get(field)
    if raw is None or raw in ([], ""):
        return None
    parts = raw if isinstance(raw, list) else [raw]
    if len(parts) > MOST_VALUES:
        raise InvalidInputError(
            f"{field} has more than {MOST_VALUES} values.", code="too_many_items", field=field, limit=MOST_VALUES
        )
    texts = [inputs.read_text({field: part}, field, choices=choices) for part in parts]
    return [text for text in texts if text] or None


def _collect(understood: Understood) -> Names:
    said: dict[str, list[str]] = {}
    for condition in understood.conditions:
        if isinstance(condition.value, str):
            said.setdefault(condition.name, []).append(condition.value)
    return said


def _read_period(values: Mapping[str, Any], understood: Understood) -> tuple[datetime | None, datetime | None]:
    """Return the latest beginning and the earliest end of all that is said of the time."""
    ranged = values.get("dateRange")
    between = {} if ranged is None or ranged == "" else _read_date_range(ranged)
    said = [(condition.name, condition.value) for condition in understood.conditions]
    since = [
        inputs.read_time(values, "since"),
        between.get("from"),
        *(value for name, value in said if name == "since"),
    ]
    until = [
        inputs.read_time(values, "until"),
        between.get("to"),
        *(value for name, value in said if name == "until"),
    ]
    return (
        max((moment for moment in since if isinstance(moment, datetime)), default=None),
        min((moment for moment in until if isinstance(moment, datetime)), default=None),
    )


def _read_date_range(ranged: object) -> dict[str, datetime | None]:
    """Read `{"from": …, "to": …}`, or in a query string `from..to`; either end may be left out."""
    if isinstance(ranged, str):
        first, dots, last = ranged.partition("..")
        ranged = {"from": first, "to": last} if dots else {"from": ranged, "to": ranged}
    ends = inputs.require_object(ranged, "dateRange")
    named = {"dateRange.from": ends.get("from"), "dateRange.to": ends.get("to")}
    return {name.partition(".")[2]: inputs.read_time(named, name) for name in named}


def _read_group(values: Mapping[str, Any]) -> GroupBy | None:
    text = inputs.read_text(values, "groupBy", choices=[way.value for way in GroupBy])
    return GroupBy(text) if text else None


def _read_facets(values: Mapping[str, Any]) -> Sequence[str]:
    """Read `facets`: true for all of them, or the names of some."""
    if values.get("facets") in (None, "", True, False, "true", "false", "0", "1"):
        return FACETS if inputs.read_flag(values, "facets") else ()
    return read_texts(values, "facets", choices=FACETS) or ()
