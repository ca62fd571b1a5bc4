"""What a request changes at which path, decided under the checkout's lock before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ingest.checks import ItemError
from ingest.receipts import ItemOutcome, reject
from ingest.source_files import PathChange
from supastate.workspaces.ids import new_id


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A change that becomes a queue row; `step` counts the changes of its path in this request from 1."""

    id: UUID
    batch_id: UUID
    step: int
    change: PathChange


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes in order, how many each path has, and what the checkout holds at each after them."""

    changes: Sequence[PlannedChange]
    steps: Mapping[str, int]
    last: Mapping[str, PlannedChange]
    outcomes: Sequence[ItemOutcome]
    repeated: Sequence[tuple[int, str]]  # index and path of duplicates whose row is an earlier request's

    def duplicates(self, rows: Mapping[str, UUID]) -> list[ItemOutcome]:
        """Return the outcomes of the duplicates, given the row that each path's content came with."""
        return [ItemOutcome(index, "duplicate", id=rows.get(path)) for index, path in self.repeated]


def plan_changes(
    items: Sequence[PathChange | ItemError],
    *,
    held: Mapping[str, str],
    batch_id: UUID,
    removed: Sequence[str] = (),
    removal_batch_id: UUID | None = None,
) -> Plan:
    """Compare each item with what the checkout holds by then; `removed` are paths a full sync takes away.

    A file sent as A, B and A again in one request is three changes and ends as A.
    """
    current = dict(held)
    steps: Counter[str] = Counter()
    last: dict[str, PlannedChange] = {}
    changes: list[PlannedChange] = []
    outcomes: list[ItemOutcome] = []
    repeated: list[tuple[int, str]] = []

    def add(change: PathChange, batch: UUID) -> PlannedChange:
        steps[change.path] += 1
        planned = PlannedChange(new_id(), batch, steps[change.path], change)
        current[change.path] = change.content_hash
        last[change.path] = planned
        changes.append(planned)
        return planned

    for index, item in enumerate(items):
        if isinstance(item, ItemError):
            outcomes.append(reject(index, item))
        elif current.get(item.path, "") != item.content_hash:
            outcomes.append(ItemOutcome(index, "new", id=add(item, batch_id).id, marks=item.marks))
        elif item.path in last:
            outcomes.append(ItemOutcome(index, "duplicate", id=last[item.path].id))
        else:
            repeated.append((index, item.path))
    for path in removed:
        if removal_batch_id is not None and path not in last:
            add(PathChange(path), removal_batch_id)
    return Plan(changes, steps, last, outcomes, repeated)
