"""A workspace may run without embeddings: its texts are found by their words alone and nothing asks a provider.

The triggers queue nothing and mark texts `text_only` while it is so. Changing the choice is one update; what
follows from it for texts that are there is done in slices, and again by the nightly sweep if it was cut off.
"""

from __future__ import annotations

from itertools import count
from uuid import UUID

from processing.embedding_models import SLICE_ROWS, active_model, delete_vectors, queue_missing
from processing.models import EmbeddingModel
from processing.statements import run_statement
from supastate.workspaces.models import Workspace
from supastate.workspaces.scope import workspace_scope


def choose_embeddings(workspace_id: UUID, *, enabled: bool) -> None:
    """Say whether a workspace has embeddings, for all that is written from now on."""
    Workspace.objects.filter(pk=workspace_id).update(embeddings_enabled=enabled)


def follow_choice(workspace_id: UUID, *, slices: int | None = None) -> int:
    """Bring the texts that are there in line with the choice; return how many changed their status.

    Texts without vectors are queued if there are embeddings. At most so many slices; all, if None.
    """
    enabled = Workspace.objects.get(pk=workspace_id).embeddings_enabled
    model = active_model().name
    parameters = {"workspace": workspace_id, "model": model, "enabled": enabled, "most": SLICE_ROWS}
    settled = 0
    for _ in count() if slices is None else range(slices):
        with workspace_scope(workspace_id), run_statement("settle_statuses", parameters) as cursor:
            changed = int((cursor.fetchone() or (0,))[0])
        settled += changed
        if not changed:
            break
    if enabled:
        _queue_texts(model, workspace_id, slices)
    return settled


def erase_vectors(workspace_id: UUID) -> int:
    """Delete every vector of a workspace, a slice at a time; return how many there were."""
    names = EmbeddingModel.objects.values_list("name", flat=True)
    return sum(delete_vectors(name, workspace_id) for name in names)


def _queue_texts(model: str, workspace_id: UUID, slices: int | None) -> None:
    for number in count(1) if slices is None else range(1, slices + 1):
        most = number * SLICE_ROWS
        if queue_missing(model, workspace_id=workspace_id, asked="", most=most) < most:
            return
