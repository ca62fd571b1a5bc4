"""Sources are parsed again when the parser has learned something: a new version of facts, or a new language.

An accepted revision that is its path's newest is simply due once more; what the store stage does with it is the
same however often it is done.
"""

from __future__ import annotations

from uuid import UUID

from graph.facts import PARSER_VERSION
from processing.statements import run_statement
from supastate.queueing.notices import announce_work
from supastate.workspaces.models import Workspace
from supastate.workspaces.scope import workspace_scope


def queue_outdated(workspace_id: UUID) -> int:
    """Make the newest revisions of a workspace due again whose facts are of another version; return how many."""
    parameters = {"workspace": workspace_id, "version": PARSER_VERSION}
    with workspace_scope(workspace_id), run_statement("queue_outdated_sources", parameters) as cursor:
        announce_work()
        return int(cursor.rowcount)


def queue_all_outdated() -> None:
    """Do so in every workspace."""
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        queue_outdated(workspace_id)
