"""The results of a first page in the order of a model that reads them, if the settings name one.

A reranker reorders within the page and nothing else: what the page holds and its cursor are those of the search,
so that pages neither repeat nor leave out a result, whatever the model says. Without its answer the page stays as
it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import structlog
from django.conf import settings

from processing.rerankers import find_reranker
from processing.reranking.reranker import Candidate
from supastate.errors import PermanentError, TransientError
from supastate.search.model import Reranked, SearchRequest
from supastate.search.rendering import title_of
from supastate.search.searching import Hit, SearchPage
from supastate.workspaces.selecting import has_embeddings

RERANK_UNAVAILABLE = "rerank_unavailable"
log = structlog.get_logger(__name__)


def rerank_page(page: SearchPage, request: SearchRequest, *, workspace_id: UUID) -> SearchPage:
    """Return the page, the best of it reordered. Nothing of a workspace without embeddings is sent anywhere."""
    block, rest = _divide(page, request)
    reranker = find_reranker(workspace_id) if len(block) > 1 else None
    if reranker is None or not has_embeddings(workspace_id):
        return page
    candidates = [Candidate(title_of(hit.subject), hit.snippet.text) for hit in block]
    try:
        order = reranker.rank(request.query, candidates)
    except (TransientError, PermanentError) as exc:
        log.warning(RERANK_UNAVAILABLE, code=exc.error_code)
        return replace(page, degraded=page.degraded or RERANK_UNAVAILABLE)
    reordered = [
        replace(block[before], reranked=Reranked(rank, before + 1)) for rank, before in enumerate(order, 1)
    ]
    return replace(page, hits=[*reordered, *rest])


def _divide(page: SearchPage, request: SearchRequest) -> tuple[Sequence[Hit], Sequence[Hit]]:
    """Return the hits to reorder and the rest: of a later page, or a list without a query, none is reordered."""
    if request.after is not None or not request.query:
        return [], page.hits
    return page.hits[: settings.SEARCH_RERANK_CANDIDATES], page.hits[settings.SEARCH_RERANK_CANDIDATES :]
