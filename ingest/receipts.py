"""The answer to an accepted request: what became of every item, and the counts that the ledger holds us to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal
from uuid import UUID

import structlog
from django.db import transaction
from django.urls import reverse

from ingest.batches import find_events_url
from ingest.checks import ItemError
from ingest.models import Batch
from supastate.api.inputs import with_warnings
from supastate.api.logs import current_request_id
from supastate.queueing.models import Priority
from supastate.workspaces.models import Visibility

Fate = Literal["new", "duplicate", "rejected"]
# Past this many items a request is a backfill: the few lines a person waits for go first.
BACKFILL_ITEMS = 256
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a request, and who may see what is in it."""

    workspace_id: UUID
    author_id: UUID
    key_id: UUID
    visibility: str = Visibility.WORKSPACE

    @property
    def audience(self) -> str:
        """Part of every key: nobody's item is a duplicate of one that they may not see."""
        return str(self.author_id) if self.visibility == Visibility.PRIVATE else ""


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of one item. `index` counts from 0 in the request, `line` from 1 in a transcript's file."""

    index: int
    status: Fate
    id: UUID | None = None
    code: str = ""
    detail: str = ""
    line: int | None = None
    marks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the wire form, without what is empty."""
        optional = {
            "id": str(self.id) if self.id else "",
            "line": self.line,
            "code": self.code,
            "detail": self.detail,
            "marks": self.marks,
        }
        named = {name: value for name, value in optional.items() if value not in (None, "", ())}
        return {"index": self.index, "status": self.status, **named}


def reject(index: int, error: ItemError, *, line: int | None = None) -> ItemOutcome:
    """Return the outcome of a refused item."""
    return ItemOutcome(index, "rejected", code=error.code, detail=error.detail, line=line)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The whole answer. `extra` are fields that only one kind of request has, by their wire names."""

    batch_id: UUID
    items: Sequence[ItemOutcome]
    masked_secrets: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self, *, warnings: Sequence[str] = ()) -> dict[str, Any]:
        """Return the wire form."""
        body = {
            "batchId": self.batch_id,
            **count_items(self.items),
            "maskedSecrets": self.masked_secrets,
            "items": [item.to_json() for item in self.items],
            "statusUrl": reverse("ingest-batch", args=[self.batch_id]),
            "eventsUrl": find_events_url(self.batch_id),
            **self.extra,
        }
        return with_warnings(body, warnings)


def count_items(items: Sequence[ItemOutcome]) -> dict[str, int]:
    """Return received = new + duplicate + rejected; `conflict` counts those of the duplicates that differ."""
    fates = Counter(item.status for item in items)
    return {
        "received": len(items),
        "new": fates["new"],
        "duplicate": fates["duplicate"],
        "conflict": sum(item.code == "conflict" for item in items),
        "rejected": fates["rejected"],
    }


def record_batch(receipt: Receipt, *, sender: Sender, kind: Batch.Kind) -> None:
    """Store the ledger of a request, in the transaction that stores its items."""
    rejections = [item.to_json() for item in receipt.items if item.status == "rejected"]
    counts = count_items(receipt.items)
    Batch.objects.create(
        id=receipt.batch_id,
        workspace_id=sender.workspace_id,
        author_id=sender.author_id,
        kind=kind,
        masked_secrets=receipt.masked_secrets,
        rejections=rejections,
        request_id=current_request_id(),
        **counts,
    )
    named = {"batch_id": str(receipt.batch_id), "kind": str(kind), **counts}
    transaction.on_commit(partial(log.info, "batch_accepted", **named), robust=True)


def choose_priority(items: int) -> Priority:
    """Let a large request wait for the small ones."""
    return Priority.BACKFILL if items > BACKFILL_ITEMS else Priority.INTERACTIVE
