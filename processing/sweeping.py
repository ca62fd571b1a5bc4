"""The nightly sweep: finds texts without vectors, whatever made them miss theirs."""

from __future__ import annotations

from django.db import connection

from processing.providers import active_model
from processing.sql_files import read_statement
from supastate.queueing.notices import announce_work
from supastate.workspaces.models import Workspace
from supastate.workspaces.scope import workspace_scope


def queue_unembedded() -> None:
    """Queue the texts of every workspace that lack their vectors."""
    model = active_model()
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with workspace_scope(workspace_id), connection.cursor() as cursor:
            cursor.execute(read_statement("rehash_texts"))
            cursor.execute(read_statement("queue_unembedded"), {"workspace": workspace_id, "model": model})
            announce_work()
