"""This process's reranker, if the settings name one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from processing.embedding.per_process import PerProcess
from processing.providers import read_provider_settings
from processing.reranking.reranker import Reranker
from supastate.workspaces.scope import require_outside_scope

if TYPE_CHECKING:
    from processing.reranking.guarded import GuardedReranker

OFF = "off"


def find_reranker(workspace_id: UUID) -> Reranker | None:
    """Return the reranker, its use charged to a workspace. Refused inside a workspace's transaction."""
    if settings.SEARCH_RERANK == OFF:
        return None
    require_outside_scope("The reranker")
    return _reranker.get().for_workspace(workspace_id)


def forget_reranker() -> None:
    """Close the reranker; the next use builds another from the settings."""
    reranker = _reranker.take()
    if reranker is not None:
        reranker.close()


def _build() -> GuardedReranker:
    # Here, because the client is 30 MB that a process without a paid provider does not need.
    from processing.reranking.guarded import make_reranker

    return make_reranker(
        read_provider_settings(), model=settings.SEARCH_RERANK_MODEL, seconds=settings.SEARCH_RERANK_SECONDS
    )


_reranker = PerProcess(_build)
