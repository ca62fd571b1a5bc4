"""A session in few lines: what was asked, what was done, what was said that matters, how it ended."""

from __future__ import annotations

from collections.abc import Sequence

from processing.models import Memory, Role
from processing.summaries.drafts import Draft, Line
from processing.summaries.sentences import cut, list_sentences
from processing.summaries.subjects import Subject
from processing.summaries.talk import Turn, pick_points, read_turns, select_spoken
from processing.summaries.work import describe_work

MOST_POINTS = 5
LONGEST_END = 300


def draft_session(subject: Subject, *, model: str) -> Draft:
    """Return the draft as the open scope's reader may see the session."""
    memories = Memory.objects.filter(session_id=subject.row_id)
    turns = read_turns(select_spoken(memories))
    asked = next((turn for turn in turns if turn.role == Role.USER), None)
    said = [turn for turn in turns if turn.role == Role.ASSISTANT and turn is not asked]
    last = said[-1] if said else None
    work = describe_work(subject.row_id, workspace_id=subject.workspace_id)
    between = [turn for turn in turns if turn is not asked and turn is not last]
    return Draft(
        lines=[
            *_quote("request", asked),
            *work,
            *pick_points(between, model=model, most=MOST_POINTS),
            *_quote("outcome", last),
        ],
        passages=[turn.passage for turn in turns],
        memories={turn.id: turn.content_hash for turn in turns},
        moment=subject.moment,
    )


def _quote(label: str, turn: Turn | None) -> Sequence[Line]:
    """Return the beginning of a turn, of its prose if it has any."""
    if turn is None:
        return ()
    sentences = list_sentences(turn.text) or [turn.text]
    return [Line(label, cut(" ".join(sentences[:3]), LONGEST_END), [turn.id])]
