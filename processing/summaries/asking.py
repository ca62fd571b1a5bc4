"""Asks for summaries: somebody reads one that is missing or stale, or a session has been quiet for a while."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from processing.models import SummaryKind, SummaryQueue
from processing.summaries.statements import fetch_rows, run_statement
from processing.summaries.versions import RULES
from supastate.queueing.models import Priority, Status
from supastate.queueing.notices import announce_work
from supastate.workspaces.models import Workspace
from supastate.workspaces.scope import workspace_scope

MOST_QUIET = 50  # of a workspace in one run; the next run is soon


def ask_for_summary(
    kind: str,
    key: str,
    *,
    workspace_id: UUID,
    forced: bool = False,
    priority: Priority = Priority.INTERACTIVE,
) -> None:
    """Queue a subject unless it waits or is in work already; `forced`: also if nothing of it changed."""
    with workspace_scope(workspace_id):
        with run_statement("hold_subject", {"subject": key}):
            pass
        asked = {"workspace": workspace_id, "kind": kind, "subject": key, "forced": forced, "priority": priority}
        made = fetch_rows("ask_for_summary", asked)
        if forced and not made:
            waiting = SummaryQueue.objects.filter(kind=kind, subject=key, status=Status.PENDING)
            waiting.update(forced=True, priority=priority)
        announce_work()


def ask_for_quiet_sessions() -> None:
    """Queue in every workspace the sessions that have come to rest without a present summary."""
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        quiet = {
            "workspace": workspace_id,
            "minutes": settings.SUMMARY_QUIET_MINUTES,
            "rules": f"{RULES}:",
            "most": MOST_QUIET,
        }
        with workspace_scope(workspace_id):
            found = fetch_rows("quiet_sessions", quiet)
        for (session_id,) in found:
            ask_for_summary(
                SummaryKind.SESSION, str(session_id), workspace_id=workspace_id, priority=Priority.BACKFILL
            )
