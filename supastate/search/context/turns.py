"""The session's recent turns: the last ten in full, older ones shortened, tool outputs the most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from processing.models import Role, Session
from supastate.search.context.gathering import Turn
from supastate.search.context.model import Candidate, Form
from supastate.search.context.shortening import shorten

FULL_TURNS = 10
FULL_LIMITS = (500, 100)
OLDER_LIMITS: Mapping[str, Sequence[int]] = {
    Role.USER: (120,),
    Role.ASSISTANT: (120,),
    Role.SYSTEM: (40,),
    Role.TOOL: (40,),
}
"""Tokens of a turn's shortened forms: of the last ten if they are long, and of older ones by role."""


def list_turns(turns: Sequence[Turn], session: Session | None, *, found: Mapping[UUID, int]) -> list[Candidate]:
    """Return the turns in the order of their worth: the last ten, those that the search found, then the others.

    `turns` are in order, `found` maps a memory to its rank. What the search found is treated as the last ten are.
    """
    if session is None:
        return []
    named = {"id": session.pk, "key": session.key}
    recent = {turn.id: "recent" for turn in turns[-FULL_TURNS:]}
    reasons = {turn.id: recent.get(turn.id, "found" if turn.id in found else "older") for turn in turns}
    candidates = [
        (reasons[turn.id], _make_candidate(turn, place, named, reasons[turn.id], found.get(turn.id)))
        for place, turn in enumerate(turns)
        if turn.text.strip()
    ]
    worth = {"recent": 0, "found": 1, "older": 2}
    candidates.sort(key=lambda item: (worth[item[0]], -item[1].place))
    return [candidate for _, candidate in candidates]


def _make_candidate(
    turn: Turn, place: int, session: Mapping[str, Any], reason: str, rank: int | None
) -> Candidate:
    limits = OLDER_LIMITS[turn.role] if reason == "older" else FULL_LIMITS
    why: dict[str, Any] = {"reason": reason} if rank is None else {"reason": reason, "rank": rank}
    return Candidate(
        role=turn.role,
        source={
            "kind": "turn",
            "id": turn.id,
            "session": session,
            "occurredAt": turn.occurred_at,
            "line": turn.line,
        },
        forms=tuple(_list_forms(turn.text, limits, is_whole=reason != "older")),
        why=why,
        place=place,
    )


def _list_forms(text: str, limits: Sequence[int], *, is_whole: bool) -> Iterator[Form]:
    if is_whole:
        yield Form("full", text)
    for most in limits:
        short = shorten(text, most=most)
        if short != text:
            yield Form("shortened", short)
        elif not is_whole:
            yield Form("full", text)
