"""The monthly budget of paid summaries: tokens are set aside before a call, and what it cost takes their place.

A process that dies in a call leaves what was set aside as spent, since the provider may bill it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.conf import settings

from processing.embedding.guard import Billed
from processing.summaries.statements import fetch_rows, run_statement
from supastate.errors import PermanentError
from supastate.workspaces.scope import workspace_scope

A = TypeVar("A", bound=Billed)


class BudgetSpentError(PermanentError):
    """The workspace's budget of this month for written summaries is spent."""

    code = "budget_spent"


def spend(send: Callable[[], A], *, tokens: int, workspace_id: UUID) -> A:
    """Return what `send` brings, which is thought to cost `tokens`; a call that fails costs nothing.

    Raises BudgetSpentError where the month has less.
    """
    most = settings.SUMMARY_MONTHLY_TOKENS
    with workspace_scope(workspace_id):
        granted = fetch_rows("reserve_tokens", {"workspace": workspace_id, "tokens": tokens, "most": most})
    if not granted:
        raise BudgetSpentError
    [(month,)] = granted
    try:
        answer = send()
    except Exception:
        _settle(month, difference=-tokens, calls=-1, workspace_id=workspace_id)
        raise
    _settle(month, difference=answer.tokens - tokens, calls=0, workspace_id=workspace_id)
    return answer


def _settle(month: object, *, difference: int, calls: int, workspace_id: UUID) -> None:
    settled = {"workspace": workspace_id, "month": month, "difference": difference, "calls": calls}
    with workspace_scope(workspace_id), run_statement("settle_tokens", settled):
        pass
