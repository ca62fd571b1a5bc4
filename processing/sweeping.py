"""The nightly sweep: finds texts without vectors or type, whatever made them miss theirs."""

from __future__ import annotations

from processing.embedding_models import active_model, queue_missing
from processing.memories.reclassifying import classify_outdated
from processing.statements import run_statement
from supastate.workspaces.models import Workspace
from supastate.workspaces.scope import workspace_scope

MOST_AT_ONCE = 100_000  # the next night finds the rest


def queue_unembedded() -> None:
    """Queue the texts of every workspace that lack their vectors."""
    model = active_model()
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with workspace_scope(workspace_id), run_statement("rehash_texts", {}):
            pass
        classify_outdated(workspace_id)
        queue_missing(model.name, workspace_id=workspace_id, asked="", most=MOST_AT_ONCE)
