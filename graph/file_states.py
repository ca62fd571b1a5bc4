"""What of each file the graph store was told last: hashes beside the file's facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from graph.files import is_seen_alike
from graph.models import GraphFile
from supastate.workspaces.scope import workspace_scope

UNSETTLED = ""
"""Stands for the hash of facts that the project was not resolved with."""
BROKEN = "-"
"""The same, where nodes were removed from the store, and with them edges of files that were not written."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What of a file the store was told last; `facts_hash` is None when the file is gone."""

    facts_hash: str | None
    synced_hash: str
    written_hash: str

    @property
    def is_due(self) -> bool:
        """Whether the project was not resolved with these facts, or the store may lack the file's rows."""
        return self.facts_hash != self.synced_hash or not self.written_hash

    @property
    def is_seen_by_others(self) -> bool:
        """Whether another file may see that the facts are not those the project was resolved with."""
        return self.facts_hash is None or not is_seen_alike(self.facts_hash, self.synced_hash)


def read_states(*, workspace_id: UUID, project_id: UUID) -> dict[str, FileState]:
    """Return the state of each path of a project, gone ones among them."""
    with workspace_scope(workspace_id):
        mine = GraphFile.objects.filter(project_id=project_id).annotate(is_gone=Q(facts__isnull=True))
        rows = mine.values_list("path", "is_gone", "facts_hash", "synced_hash", "written_hash")
        return {
            path: FileState(None if is_gone else found, synced, written)
            for path, is_gone, found, synced, written in rows
        }


def mark_synced(paths: Collection[str], mark: str, *, workspace_id: UUID, project_id: UUID) -> None:
    """Leave these paths due until the project is resolved, whatever their facts will be then."""
    if paths:
        with workspace_scope(workspace_id):
            GraphFile.objects.filter(project_id=project_id, path__in=paths).update(synced_hash=mark)


def forget_written(paths: Collection[str], *, workspace_id: UUID, project_id: UUID) -> None:
    """Leave these paths to be written, whatever the store holds of them."""
    with workspace_scope(workspace_id):
        mine = GraphFile.objects.filter(project_id=project_id, path__in=paths)
        mine.exclude(written_hash="").update(written_hash="")


def record_written(hashes: Mapping[str, str], *, workspace_id: UUID, project_id: UUID) -> None:
    """Note what the store holds of files."""
    with workspace_scope(workspace_id):
        rows = list(GraphFile.objects.filter(project_id=project_id, path__in=hashes.keys()).only("path"))
        for row in rows:
            row.written_hash = hashes[row.path]
        GraphFile.objects.bulk_update(rows, ["written_hash"], batch_size=1_000)


def record_synced(
    hashes: Mapping[str, str], paths: Collection[str], *, workspace_id: UUID, project_id: UUID
) -> None:
    """Note that the project was resolved with these hashes of its facts; forget the paths that are gone.

    A path whose facts changed meanwhile keeps its row, and is due again.
    """
    with workspace_scope(workspace_id):
        mine = GraphFile.objects.filter(project_id=project_id)
        rows = list(mine.filter(path__in=hashes.keys() & set(paths)).only("path"))
        for row in rows:
            row.synced_hash = hashes[row.path]
        GraphFile.objects.bulk_update(rows, ["synced_hash"], batch_size=1_000)
        gone = set(paths) - hashes.keys()
        mine.filter(path__in=gone, facts__isnull=True).delete()
        mine.filter(path__in=gone).update(synced_hash="", written_hash="")
