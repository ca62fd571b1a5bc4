"""Hybrid search: the query's vector is made outside any transaction, then one statement a kind answers.

When the provider is away, search goes on with text alone and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

import structlog
from pgvector import Vector

from processing.embedding_models import LiveModel, active_model
from processing.models import CodeObject, Memory
from supastate.errors import InvalidInputError, PermanentError, TransientError
from supastate.search.model import Filters, Kind, Match, SearchRequest, Snippet
from supastate.search.ranking import RANKING_OF_KIND, Ranking
from supastate.search.snippets import cut_window, make_snippets
from supastate.search.statements import fetch_hybrid, fetch_rows
from supastate.workspaces.scope import workspace_scope
from supastate.workspaces.selecting import has_embeddings

CANDIDATES = 200
POSTINGS = 2_000
QUERY_EMBEDDING_SECONDS = 2.0
VISIBLE_OF_KIND = {Kind.MEMORY: "visible_memories", Kind.CODE: "visible_code"}
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: the row that was found, why, and what to show of it."""

    kind: Kind
    match: Match
    subject: Memory | CodeObject
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of hits; `degraded` says why only text was searched."""

    hits: list[Hit]
    after: tuple[float, UUID] | None
    pending: int
    degraded: str | None


@dataclass(frozen=True, slots=True)
class _Query:
    any_words: str
    words: list[str]
    gathering: list[str]
    exact: str | None
    phrase: str | None
    speaker: str | None
    vector: Vector | None
    model: str


def search(
    request: SearchRequest,
    *,
    workspace_id: UUID,
    reader: UUID,
    rankings: Mapping[Kind, Ranking] = RANKING_OF_KIND,
) -> SearchPage:
    """Answer a search as `reader` sees the workspace."""
    model = active_model()
    vector, degraded = _embed_query(request.query, model, workspace_id)
    with workspace_scope(workspace_id, reader=reader):
        query = _build_query(request.query, vector, model)
        matches = [
            (kind, match) for kind in request.kinds for match in _find(kind, query, request, rankings[kind])
        ]
        matches.sort(key=lambda item: (item[1].score, item[1].id), reverse=True)
        page = matches[: request.limit]
        hits = _load_hits(page, query)
        pending = fetch_rows("count_pending", {"kinds": [kind.value for kind in request.kinds]})[0][0]
    last = page[-1][1] if len(matches) > len(page) and page else None
    return SearchPage(hits, (last.score, last.id) if last else None, pending, degraded)


def _embed_query(text: str, model: LiveModel, workspace_id: UUID) -> tuple[Vector | None, str | None]:
    if not has_embeddings(workspace_id):
        return None, None
    try:
        found = model.provider(workspace_id).embed_query(text, timeout=QUERY_EMBEDDING_SECONDS)
    except (TransientError, PermanentError) as exc:
        log.warning("search_degraded", code=exc.error_code)
        return None, exc.error_code
    except InvalidInputError:
        return None, None  # nothing in the query to embed: text search has the last word on it
    return Vector(found), None


def _build_query(text: str, vector: Vector | None, model: LiveModel) -> _Query:
    any_words, words, gathering, exact, phrase, speaker = fetch_rows("build_query", {"q": text})[0]
    return _Query(any_words, words, gathering, exact, phrase, speaker, vector, model.name)


def _find(kind: Kind, query: _Query, request: SearchRequest, ranking: Ranking) -> list[Match]:
    after_score, after_id = request.after or (None, None)
    parameters = {
        "subject_kind": kind.value,
        "model": query.model,
        "vector": query.vector.to_text() if query.vector else None,
        "words": query.words,
        "gathering": query.gathering,
        "exact": query.exact,
        "phrase": query.phrase,
        "speaker": query.speaker,
        "candidates": CANDIDATES,
        "postings": POSTINGS,
        **_ranking_parameters(ranking),
        "size": request.limit + 1,
        "after_score": after_score,
        "after_id": after_id,
        **_filter_parameters(request.filters),
    }
    return [Match(*row) for row in fetch_hybrid(VISIBLE_OF_KIND[kind], parameters)]


def _ranking_parameters(ranking: Ranking) -> dict[str, object]:
    return {**asdict(ranking), "field_weights": list(ranking.field_weights)}


def _filter_parameters(filters: Filters) -> dict[str, object]:
    def as_list(values: Sequence[object] | None) -> list[object] | None:
        return None if values is None else list(values)

    return {
        "projects": as_list(filters.projects),
        "sessions": as_list(filters.sessions),
        "roles": as_list(filters.roles),
        "paths": as_list(filters.paths),
        "languages": as_list(filters.languages),
        "kinds": as_list(filters.kinds),
        "since": filters.since,
        "until": filters.until,
        "without": as_list(filters.without),
    }


def _load_hits(page: Sequence[tuple[Kind, Match]], query: _Query) -> list[Hit]:
    memories = (
        Memory.objects.select_related("session", "project", "author")
        .defer("search", "metadata", "tool")
        .in_bulk([match.id for kind, match in page if kind == Kind.MEMORY])
    )
    objects = (
        CodeObject.objects.select_related("file", "project")
        .defer("search")
        .in_bulk([match.id for kind, match in page if kind == Kind.CODE])
    )
    subjects: list[Memory | CodeObject] = [
        (memories if kind == Kind.MEMORY else objects)[match.id] for kind, match in page
    ]
    windows = [
        cut_window(subject.content, match.chunk_start) for subject, (_, match) in zip(subjects, page, strict=True)
    ]
    snippets = make_snippets(windows, query.any_words)
    return [
        Hit(kind, match, subject, snippet)
        for (kind, match), subject, snippet in zip(page, subjects, snippets, strict=True)
    ]
