"""What checkouts hold, and the project's version of each path: the latest accepted among those that hold it.

`apply_plan` writes a plan's changes: revisions, what the checkout holds, contents, queue rows. A path that its
checkout gave up goes back to what another one still holds, as a revision of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ingest.path_plan import Plan, PlannedChange
from ingest.receipts import Sender
from ingest.source_files import PathChange
from ingest.statements import run_statement
from supastate.workspaces.ids import new_id
from supastate.workspaces.models import Checkout


@dataclass(frozen=True, slots=True)
class _Version:
    """What becomes the project's version of a path."""

    content_hash: str
    author_id: UUID
    language: str
    last_modified: datetime | None
    marks: tuple[str, ...]


def find_content(checkout: Checkout, paths: Collection[str]) -> dict[str, str]:
    """Return the hash of what the checkout holds at each of the paths."""
    parameters = {"checkout": checkout.pk, "paths": list(paths)}
    with run_statement("find_held_content", parameters) as cursor:
        return dict(cursor.fetchall())


def find_latest_rows(checkout: Checkout, paths: Collection[str]) -> dict[str, UUID]:
    """Return, for each of the paths, the queue row of the last change that this checkout made to it."""
    parameters = {"project": checkout.project_id, "checkout": checkout.pk, "paths": list(paths)}
    with run_statement("find_latest_code_rows", parameters) as cursor:
        return dict(cursor.fetchall())


def apply_plan(plan: Plan, *, checkout: Checkout, sender: Sender, moment: datetime, priority: int) -> None:
    """Write the changes of a plan; the checkout's row is locked by now."""
    if not plan.changes:
        return
    newest = _raise_heads(plan, checkout)
    _give_up(plan, checkout)
    others = _find_other_versions(plan, checkout)
    _settle_heads(plan, checkout, others)
    _hold(plan, checkout, newest, sender=sender, moment=moment)
    _keep_contents([planned.change for planned in plan.changes], workspace_id=checkout.workspace_id)
    _enqueue(plan, checkout, newest, others, sender=sender, priority=priority)


def _raise_heads(plan: Plan, checkout: Checkout) -> dict[str, int]:
    """Lock the head of each path, in order, and count it up; return the newest revisions."""
    parameters = {
        "workspace": checkout.workspace_id,
        "project": checkout.project_id,
        "ids": [new_id() for _ in plan.steps],
        "paths": list(plan.steps),
        "steps": list(plan.steps.values()),
        "content_hashes": [plan.last[path].change.content_hash for path in plan.steps],
    }
    with run_statement("raise_heads", parameters) as cursor:
        return dict(cursor.fetchall())


def _give_up(plan: Plan, checkout: Checkout) -> None:
    gone = [path for path, planned in plan.last.items() if not planned.change.content_hash]
    if gone:
        with run_statement("give_up_paths", {"checkout": checkout.pk, "paths": gone}):
            pass


def _find_other_versions(plan: Plan, checkout: Checkout) -> dict[str, _Version]:
    gone = list({planned.change.path for planned in plan.changes if not planned.change.content_hash})
    if not gone:
        return {}
    parameters = {
        "workspace": checkout.workspace_id,
        "project": checkout.project_id,
        "checkout": checkout.pk,
        "paths": gone,
    }
    with run_statement("find_other_versions", parameters) as cursor:
        return {
            path: _Version(content_hash, author_id, language, last_modified, tuple(marks))
            for path, content_hash, author_id, language, last_modified, marks in cursor.fetchall()
        }


def _settle_heads(plan: Plan, checkout: Checkout, others: Mapping[str, _Version]) -> None:
    back = [path for path in others if not plan.last[path].change.content_hash]
    if not back:
        return
    parameters = {
        "project": checkout.project_id,
        "paths": back,
        "content_hashes": [others[path].content_hash for path in back],
    }
    with run_statement("settle_heads", parameters):
        pass


def _hold(plan: Plan, checkout: Checkout, newest: Mapping[str, int], *, sender: Sender, moment: datetime) -> None:
    kept = [planned.change for planned in plan.last.values() if planned.change.content_hash]
    parameters = {
        "workspace": checkout.workspace_id,
        "checkout": checkout.pk,
        "author": sender.author_id,
        "moment": moment,
        "ids": [new_id() for _ in kept],
        "paths": [change.path for change in kept],
        "content_hashes": [change.content_hash for change in kept],
        "revisions": [newest[change.path] for change in kept],
    }
    with run_statement("hold_paths", parameters):
        pass


def _keep_contents(changes: Sequence[PathChange], *, workspace_id: UUID) -> None:
    contents = {change.content_hash: change.content for change in changes if change.content_hash}
    parameters = {
        "workspace": workspace_id,
        "ids": [new_id() for _ in contents],
        "content_hashes": list(contents),
        "contents": list(contents.values()),
    }
    with run_statement("keep_contents", parameters):
        pass


def _enqueue(
    plan: Plan,
    checkout: Checkout,
    newest: Mapping[str, int],
    others: Mapping[str, _Version],
    *,
    sender: Sender,
    priority: int,
) -> None:
    versions = [_version_of(planned, others, sender) for planned in plan.changes]
    parameters = {
        "workspace": checkout.workspace_id,
        "project": checkout.project_id,
        "checkout": checkout.pk,
        "priority": priority,
        "ids": [planned.id for planned in plan.changes],
        "batches": [planned.batch_id for planned in plan.changes],
        "paths": [planned.change.path for planned in plan.changes],
        "revisions": [
            newest[planned.change.path] - plan.steps[planned.change.path] + planned.step
            for planned in plan.changes
        ],
        "authors": [version.author_id for version in versions],
        "content_hashes": [version.content_hash for version in versions],
        "languages": [version.language for version in versions],
        "last_modified": [version.last_modified for version in versions],
        # One array has rows of one length only, so each row's marks travel as one text.
        "marks": [",".join(version.marks) for version in versions],
    }
    with run_statement("insert_code_rows", parameters):
        pass


def _version_of(planned: PlannedChange, others: Mapping[str, _Version], sender: Sender) -> _Version:
    change = planned.change
    if not change.content_hash and change.path in others:
        return others[change.path]
    return _Version(change.content_hash, sender.author_id, change.language, change.last_modified, change.marks)
