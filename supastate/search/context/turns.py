"""The session's recent turns: the last ten in full, older ones shortened, tool outputs the most."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from processing.models import Role, Session
from supastate.search.context.gathering import Turn
from supastate.search.context.model import Candidate, Form
from supastate.search.context.shortening import shorten

FULL_TURNS = 10
RECENT_LIMITS = (500, 100)
OLDER_LIMITS: Mapping[str, Sequence[int]] = {
    Role.USER: (120,),
    Role.ASSISTANT: (120,),
    Role.SYSTEM: (40,),
    Role.TOOL: (40,),
}
"""Tokens of a turn's shortened forms: of the last ten if they are long, and of older ones by role."""


def list_turns(turns: Sequence[Turn], session: Session | None, *, words: Collection[str]) -> list[Candidate]:
    """Return the turns in the order of their worth, the newest first; they are given in order.

    What shortened ones keep goes by the words of the question.
    """
    if session is None:
        return []
    named = {"id": session.pk, "key": session.key}
    older = len(turns) - FULL_TURNS
    candidates = [
        _make_candidate(turn, place, named, words, is_recent=place >= older)
        for place, turn in enumerate(turns)
        if turn.text.strip()
    ]
    return candidates[::-1]


def _make_candidate(
    turn: Turn, place: int, session: Mapping[str, Any], words: Collection[str], *, is_recent: bool
) -> Candidate:
    return Candidate(
        role=turn.role,
        source={
            "kind": "turn",
            "id": turn.id,
            "session": session,
            "occurredAt": turn.occurred_at,
            "line": turn.line,
        },
        forms=_list_forms(turn, words, is_recent=is_recent),
        why={"reason": "recent" if is_recent else "older"},
        place=place,
    )


def _list_forms(turn: Turn, words: Collection[str], *, is_recent: bool) -> tuple[Form, ...]:
    limits = RECENT_LIMITS if is_recent else OLDER_LIMITS[turn.role]
    texts = [shorten(turn.text, most=most, words=words) for most in limits]
    if is_recent or texts[0] == turn.text:
        return (Form("full", turn.text), *(Form("shortened", text) for text in texts if text != turn.text))
    return tuple(Form("shortened", text) for text in texts)
