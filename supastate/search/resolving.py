"""Looks up what a search names: projects, sessions, people become ids; kinds that cannot pass are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from processing.models import Session
from processing.sessions import match_session
from supastate.search.model import Kind, SearchRequest
from supastate.search.requests import Asked, Names
from supastate.workspaces.models import User
from supastate.workspaces.projects import find_projects

# What some kinds have alone: a filter on it leaves out the others.
KINDS_WITH = {
    "session": {Kind.MEMORY, Kind.SUMMARY},
    "role": {Kind.MEMORY},
    "language": {Kind.CODE},
    "codeKind": {Kind.CODE},
}


def resolve_search(asked: Asked, *, workspace_id: UUID, reader: UUID) -> tuple[SearchRequest, list[str]]:
    """Return the search with its filters, and a warning for each name that nothing has. Runs inside a scope."""
    unknown: list[str] = []

    def find_ids(name: str, find: Callable[[str], Sequence[UUID]]) -> list[UUID] | None:
        return _meet(*(_find_all(name, texts.get(name), find, unknown) for texts in (asked.given, asked.said)))

    filters = replace(
        asked.request.filters,
        projects=find_ids("project", find_projects),
        sessions=find_ids("session", _find_sessions),
        authors=find_ids("author", lambda text: _find_authors(text, workspace_id=workspace_id, reader=reader)),
        roles=_meet(asked.given.get("role"), asked.said.get("role")),
        languages=_meet(asked.given.get("language"), asked.said.get("language")),
        kinds=_meet(asked.given.get("codeKind"), asked.said.get("codeKind")),
        paths=asked.given.get("path"),
        more_paths=asked.said.get("path"),
    )
    kinds = _choose_kinds(asked.request.kinds, asked.given, asked.said)
    if not kinds:
        unknown.append("no kind of result can meet all filters: memories have roles, code has languages")
    return replace(asked.request, filters=filters, kinds=kinds), list(dict.fromkeys(unknown))


def _choose_kinds(kinds: Sequence[Kind], *named: Names) -> list[Kind]:
    for names in named:
        allowed = set(names.get("kinds", [kind.value for kind in Kind]))
        for name in KINDS_WITH.keys() & names.keys():
            allowed &= KINDS_WITH[name]
        kinds = [kind for kind in kinds if kind in allowed]
    return list(kinds)


def _find_all(
    name: str, texts: Iterable[str] | None, find: Callable[[str], Sequence[UUID]], unknown: list[str]
) -> list[UUID] | None:
    if texts is None:
        return None
    found: list[UUID] = []
    for text in dict.fromkeys(texts):
        ids = find(text)
        if not ids:
            unknown.append(f"unknown {name}: {text[:100]!r}")
        found += ids
    return found


def _meet(first: Sequence[Any] | None, second: Sequence[Any] | None) -> list[Any] | None:
    if first is None or second is None:
        either = second if first is None else first
        return None if either is None else list(either)
    return [item for item in first if item in second]


def _find_sessions(text: str) -> list[UUID]:
    return list(Session.objects.filter(match_session(text)).values_list("pk", flat=True))


def _find_authors(text: str, *, workspace_id: UUID, reader: UUID) -> list[UUID]:
    if text == "me":
        return [reader]
    named = Q(username=text)
    with suppress(ValueError):
        named |= Q(pk=UUID(text))
    members = User.objects.filter(named, memberships__workspace_id=workspace_id)
    return list(members.values_list("pk", flat=True))
