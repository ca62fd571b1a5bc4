"""How far detection has read, by workspace and type: memories past it make their conversations new again.

Memory ids carry the time they were made, not the time they were committed. So a checkpoint never passes what
might still be uncommitted, nor the clocks' difference between machines; what lies there is simply read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from processing.models import Memory, PatternCheckpoint, PatternType
from processing.models.patterns import CONTRADICTIONS
from processing.patterns.reading import Talk
from processing.patterns.statements import run_statement
from supastate.workspaces.ids import new_id

CLOCK_DIFFERENCE = timedelta(seconds=10)
BEGINNING = UUID(int=0)
NEEDS_VECTORS = frozenset({PatternType.SEMANTIC, CONTRADICTIONS})


@dataclass(frozen=True, slots=True)
class NewTalk:
    """A conversation with something new; `newest` is its newest memory."""

    talk: Talk
    newest: UUID


@dataclass(frozen=True, slots=True)
class Span:
    """What a run reads: memories after one id up to another. A checkpoint may move to `settled` at most."""

    after: UUID
    upto: UUID
    settled: UUID


def begin_span(pattern_type: str, *, workspace_id: UUID) -> Span | None:
    """Return what is new for a type; None when nothing is. Runs inside a workspace scope."""
    after = read_checkpoint(pattern_type)
    with run_statement("settled_until", {}) as cursor:  # before the look at memories, or it could pass one unseen
        settled: datetime = cursor.fetchone()[0]
    unread = Memory.objects.filter(workspace_id=workspace_id, pk__gt=after)
    first_without_vector = _find_unembedded(workspace_id) if pattern_type in NEEDS_VECTORS else None
    if first_without_vector is not None:
        unread = unread.filter(pk__lt=first_without_vector)
    upto = unread.order_by("-pk").values_list("pk", flat=True).first()
    return None if upto is None else Span(after, upto, _first_id_at(settled - CLOCK_DIFFERENCE))


def _find_unembedded(workspace_id: UUID) -> UUID | None:
    """Return the first memory whose vector is still to come: what lies behind it is read later, with it."""
    with run_statement("first_unembedded", {"workspace": workspace_id}) as cursor:
        found: UUID | None = cursor.fetchone()[0]
    return found


def read_checkpoint(pattern_type: str) -> UUID:
    """Return the last memory that was read for a type."""
    known = PatternCheckpoint.objects.filter(type=pattern_type).values_list("last_memory_id", flat=True)
    return known.first() or BEGINNING


def find_new_talks(span: Span, *, workspace_id: UUID, project_id: UUID | None, most: int) -> list[NewTalk]:
    """Return the first conversations with memories in `span`, in the order in which they can be passed."""
    parameters = {
        "workspace": workspace_id,
        "project": project_id,
        "after": span.after,
        "upto": span.upto,
        "most": most,
    }
    with run_statement("dirty_talks", parameters) as cursor:
        return [
            NewTalk(Talk(talk_id, is_loose, workspace_id), newest)
            for talk_id, is_loose, newest in cursor.fetchall()
        ]


def move_checkpoint(pattern_type: str, last: UUID, span: Span, *, workspace_id: UUID) -> None:
    """Remember that all up to memory `last` is read, as far as it is settled."""
    parameters = {
        "id": new_id(),
        "workspace": workspace_id,
        "type": pattern_type,
        "last": min(last, span.settled),
    }
    with run_statement("move_checkpoint", parameters):
        pass


def hold_detection(pattern_type: str, *, workspace_id: UUID) -> None:
    """Wait until no other run counts patterns of this workspace and type, and keep others out until commit."""
    with run_statement("hold_detection", {"lock": f"patterns:{workspace_id}:{pattern_type}"}):
        pass


def _first_id_at(moment: datetime) -> UUID:
    """Return the smallest UUIDv7 of a time: its first 48 bits are milliseconds since 1970 (RFC 9562)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
