"""Dead rows of every stage as people meet them: found, listed, shown, replayed, discarded.

Lists carry ids and reasons, never content. A row's own fields are shown one row at a time, and those of
private work to its author alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any
from uuid import UUID

from ingest.receipts import Sender
from supastate.api.inputs import find_unknown, read_list, read_text, read_time
from supastate.api.pagination import encode_cursor
from supastate.errors import InvalidInputError, NotFoundError
from supastate.queueing import dead_letters
from supastate.queueing.dead_letters import DeadFilter
from supastate.queueing.models import QueueAction, QueueItem, Status
from supastate.queueing.stages import Stage, all_stages, get_stage
from supastate.workspaces.models import Project, Visibility

MOST_AT_ONCE = 1_000
FILTER_KEYS = frozenset({"workspace", "stage", "code", "before", "ids", "limit"})
PAST = {QueueAction.Action.REPLAY: "replayed", QueueAction.Action.DISCARD: "discarded"}
_UNDERSCORE = re.compile(r"_([a-z])")
_LIFECYCLE = frozenset(field.name for field in QueueItem._meta.get_fields()) | {"workspace"}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A row and the stage whose work it is."""

    stage: Stage
    row: QueueItem

    def to_json(self) -> dict[str, Any]:
        """Return the wire form, without content."""
        return {
            "id": self.row.id,
            "stage": self.stage.name,
            "status": self.row.status,
            "batchId": self.row.batch_id,
            "attempts": self.row.attempts,
            "code": self.row.error_code,
            "detail": self.row.error_detail,
            "createdAt": self.row.created_at,
            "diedAt": self.row.processed_at,
            "discardedAt": self.row.discarded_at,
        }


def list_dead(
    *, workspace_id: UUID, stage_name: str, before: UUID | None, limit: int, discarded: bool
) -> dict[str, Any]:
    """Return a page of dead rows, the newest first; `discarded` ones only when asked for."""
    stages = _choose_stages(stage_name)
    pages = [
        _list_stage(stage, workspace_id=workspace_id, before=before, limit=limit + 1, discarded=discarded)
        for stage in stages
    ]
    found = list(islice(merge(*pages, key=lambda letter: letter.row.id, reverse=True), limit + 1))
    shown = found[:limit]
    more = len(found) > limit
    return {
        "results": [letter.to_json() for letter in shown],
        "nextCursor": encode_cursor(str(shown[-1].row.id)) if more else None,
    }


def show_dead(row_id: UUID, *, sender: Sender) -> dict[str, Any]:
    """Return a dead letter with its stage's own fields; None in their place when they are somebody's private."""
    letter = _find_row(row_id, workspace_id=sender.workspace_id)
    if letter.row.status != Status.DEAD:
        raise _not_found()
    is_shown = _may_read(letter.row, sender.author_id)
    return {
        **letter.to_json(),
        "history": _describe_attempts(row_id, workspace_id=sender.workspace_id),
        "item": _describe_item(letter.row) if is_shown else None,
        "private": not is_shown,
    }


def replay(row_id: UUID, *, sender: Sender) -> dict[str, Any]:
    """Make a dead row pending again; a second time changes nothing."""
    return _act(dead_letters.replay_rows, row_id, sender=sender)


def discard(row_id: UUID, *, sender: Sender) -> dict[str, Any]:
    """Give a dead row up; a second time changes nothing."""
    return _act(dead_letters.discard_rows, row_id, sender=sender)


def parse_filter(body: dict[str, Any]) -> DeadFilter:
    """Return what a request's body narrows its action to; a misspelt key must not widen it."""
    unknown = find_unknown(body, FILTER_KEYS)
    if unknown:
        raise InvalidInputError(f"{unknown[0]}. Nothing was done.", code="unknown_key")
    ids = [_parse_named_id(text) for text in read_list(body, "ids", most=MOST_AT_ONCE)]
    return DeadFilter(
        stages=tuple(_choose_stages(read_text(body, "stage", most=64))),
        code=read_text(body, "code", most=64),
        before=read_time(body, "before"),
        ids=None if body.get("ids") is None else tuple(ids),
    )


def act_on_many(wanted: DeadFilter, action: QueueAction.Action, *, sender: Sender, limit: int) -> dict[str, int]:
    """Replay or discard what matches, up to `limit`; return how many matched, were changed, and remain."""
    done = dead_letters.act_on_matching(
        wanted, action, workspace_id=sender.workspace_id, actor_id=sender.author_id, limit=limit
    )
    return {"matched": done.matched, PAST[action]: done.changed, "remaining": done.remaining}


def _parse_named_id(text: object) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as exc:
        raise InvalidInputError("ids must be ids of rows.", code="invalid_id", field="ids") from exc


def _describe_attempts(row_id: UUID, *, workspace_id: UUID) -> list[dict[str, Any]]:
    attempts = dead_letters.list_attempts(row_id, workspace_id=workspace_id)
    return [
        {"attempt": one.number, "code": one.error_code, "detail": one.error_detail, "at": one.at}
        for one in attempts
    ]


def _act(action: Callable[..., list[UUID]], row_id: UUID, *, sender: Sender) -> dict[str, Any]:
    letter = _find_row(row_id, workspace_id=sender.workspace_id)
    changed = action(letter.stage, [row_id], workspace_id=sender.workspace_id, actor_id=sender.author_id)
    letter.row.refresh_from_db()
    return {**letter.to_json(), "changed": bool(changed)}


def _find_row(row_id: UUID, *, workspace_id: UUID) -> DeadLetter:
    """Return the row, whichever stage's it is and alive again or not: an action may come twice."""
    for stage in all_stages():
        row = stage.model._default_manager.filter(pk=row_id, workspace_id=workspace_id).first()
        if row is not None:
            return DeadLetter(stage, row)
    raise _not_found()


def _not_found() -> NotFoundError:
    return NotFoundError("There is no such dead letter in this workspace.")


def _choose_stages(name: str) -> Sequence[Stage]:
    if not name:
        return all_stages()
    stage = get_stage(name)
    if stage is None:
        known = ", ".join(stage.name for stage in all_stages())
        raise InvalidInputError(f"stage must be one of: {known}.", code="invalid_choice", field="stage")
    return (stage,)


def _list_stage(
    stage: Stage, *, workspace_id: UUID, before: UUID | None, limit: int, discarded: bool
) -> list[DeadLetter]:
    rows = stage.model._default_manager.filter(
        workspace_id=workspace_id, status=Status.DEAD, discarded_at__isnull=not discarded
    )
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [DeadLetter(stage, row) for row in rows.order_by("-pk")[:limit]]


def _may_read(row: Any, reader: UUID) -> bool:
    """A private project is hidden from others by row security, and with it the work on what is in it."""
    if getattr(row, "visibility", "") == Visibility.PRIVATE:
        return bool(row.author_id == reader)
    project_id = getattr(row, "project_id", None)
    return project_id is None or Project.objects.filter(pk=project_id).exists()


def _describe_item(row: QueueItem) -> dict[str, Any]:
    own = (field for field in row._meta.concrete_fields if field.name not in _LIFECYCLE)
    return {_to_camel_case(field.attname): getattr(row, field.attname) for field in own}


def _to_camel_case(name: str) -> str:
    return _UNDERSCORE.sub(lambda match: match[1].upper(), name)
