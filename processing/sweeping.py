"""The nightly sweep: finds texts without vectors, whatever made them miss theirs."""

from __future__ import annotations

from processing.providers import active_model
from processing.statements import run_statement
from supastate.queueing.notices import announce_work
from supastate.workspaces.models import Workspace
from supastate.workspaces.scope import workspace_scope


def queue_unembedded() -> None:
    """Queue the texts of every workspace that lack their vectors."""
    model = active_model()
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with workspace_scope(workspace_id):
            with run_statement("rehash_texts", {}):
                pass
            with run_statement("queue_unembedded", {"workspace": workspace_id, "model": model}):
                announce_work()
