"""Hybrid search: the query's vector is made outside any transaction, then one statement a kind answers.

When the provider is away, search goes on with text alone and says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from uuid import UUID

import structlog
from pgvector import HalfVector

from processing.embedding.provider import to_unit_length
from processing.embedding_models import LiveModel, active_model
from processing.memories.standing import Standing, find_standings
from processing.models import CodeObject, Memory, Summary
from processing.summaries.selecting import read_summaries
from supastate.errors import InvalidInputError, PermanentError, TransientError
from supastate.search.browsing import list_newest
from supastate.search.common_words import find_passed_over
from supastate.search.facets import FacetCount, count_facets
from supastate.search.filtering import VISIBLE_OF_KIND, filter_parameters
from supastate.search.grouping import Bucket, gather, place_of
from supastate.search.model import Found, Kind, Match, Place, Reranked, SearchRequest, Snippet
from supastate.search.nearest import Nearest, VectorQuery, find_nearest
from supastate.search.ranking import BEST, CANDIDATES, POSTINGS, RANKING_OF_KIND, Ranking
from supastate.search.snippets import cut_window, make_snippets
from supastate.search.statements import fetch_rows, fetch_visible
from supastate.workspaces.scope import workspace_scope
from supastate.workspaces.selecting import has_embeddings

MOST_COUNTED = 1_000
QUERY_EMBEDDING_SECONDS = 2.0
# Postgres fails on some thirty dashes in a row; before anything but a word or a quote a dash means nothing.
IDLE_DASHES = re.compile(r'-(?![\w"])|(?<=-)-|-(?=""?(?:\W|$))')
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: the row that was found, why, and what to show of it."""

    kind: Kind
    match: Match
    subject: Memory | CodeObject | Summary
    snippet: Snippet
    reranked: Reranked | None = None
    standing: Standing | None = None
    """Of a memory."""


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Hits of one session or file, the best of `count`; without a key those that belong to none."""

    key: str | None
    title: str | None
    count: int
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of hits, or of groups of them; `degraded` says why only text was searched or nothing reranked.

    `facets` come with a first page, if they were asked for.
    """

    hits: Sequence[Hit]
    after: Place | None
    pending: int
    degraded: str | None
    groups: Sequence[HitGroup] | None = None
    facets: Mapping[str, Sequence[FacetCount]] | None = None

    @property
    def all_hits(self) -> list[Hit]:
        """The hits of the page, those of its groups too."""
        return [*self.hits, *(hit for group in self.groups or () for hit in group.hits)]


@dataclass(frozen=True, slots=True)
class _Query:
    any_words: str
    words: list[str]
    gathering: list[str]
    exact: str | None
    phrase: str | None
    speaker: str | None
    meaning: VectorQuery | None


def search(
    request: SearchRequest,
    *,
    workspace_id: UUID,
    reader: UUID,
    rankings: Mapping[Kind, Ranking] = RANKING_OF_KIND,
) -> SearchPage:
    """Answer a search as `reader` sees the workspace."""
    model = active_model()
    vector, degraded = _embed_query(request.query, model, workspace_id) if request.query else (None, None)
    with workspace_scope(workspace_id, reader=reader):
        query = _build_query(request.query, vector, model)
        matches = _find_matches(query, request, rankings, workspace_id=workspace_id, reader=reader)
        facets = count_facets(matches, request.facets) if _is_counted(request) else None
        pending = fetch_rows("count_pending", {"kinds": [kind.value for kind in request.kinds]})[0][0]
        if request.group_by is None:
            page = matches[: request.limit]
            after = place_of(page[-1]) if len(matches) > len(page) else None
            return SearchPage(_load_hits(page, query), after, pending, degraded, facets=facets)
        buckets = gather(matches, request.group_by)
        shown = [bucket for bucket in buckets if request.after is None or bucket.place < request.after]
        groups = _load_groups(shown[: request.limit], query, request.group_size)
    after = shown[request.limit - 1].place if len(shown) > request.limit else None
    return SearchPage([], after, pending, degraded, groups, facets)


def _is_counted(request: SearchRequest) -> bool:
    return bool(request.facets) and request.after is None


def _find_matches(
    query: _Query, request: SearchRequest, rankings: Mapping[Kind, Ranking], *, workspace_id: UUID, reader: UUID
) -> list[Found]:
    """Return what is found, the best first: for groups and counts all candidates, else enough to end the page."""
    size = MOST_COUNTED if request.group_by or _is_counted(request) else request.limit + 1
    after = None if request.group_by else request.after
    found: list[Found] = []
    for kind in request.kinds:
        if request.query:
            matches = _find(
                kind, query, request, rankings[kind], after, workspace_id=workspace_id, reader=reader, size=size
            )
        else:
            matches = list_newest(kind, request.filters, after, size=size)
        found += [(kind, match) for match in matches]
    return sorted(found, key=place_of, reverse=True)


def _embed_query(text: str, model: LiveModel, workspace_id: UUID) -> tuple[HalfVector | None, str | None]:
    if not has_embeddings(workspace_id):
        return None, None
    try:
        found = model.provider(workspace_id).embed_query(text, timeout=QUERY_EMBEDDING_SECONDS)
    except (TransientError, PermanentError) as exc:
        log.warning("search_degraded", code=exc.error_code)
        return None, exc.error_code
    except InvalidInputError:
        return None, None  # nothing in the query to embed: text search has the last word on it
    return HalfVector(to_unit_length(found)), None


def _build_query(text: str, vector: HalfVector | None, model: LiveModel) -> _Query:
    [(any_words, words, gathering, exact, phrase, speaker)] = fetch_rows(
        "build_query", {"q": IDLE_DASHES.sub(" ", text)}
    )
    meaning = VectorQuery(vector.to_text(), model.name, model.spec.dimensions) if vector else None
    return _Query(any_words, words, gathering, exact, phrase, speaker, meaning)


def _find(
    kind: Kind,
    query: _Query,
    request: SearchRequest,
    ranking: Ranking,
    after: Place | None,
    *,
    workspace_id: UUID,
    reader: UUID,
    size: int,
) -> list[Match]:
    visible, filters = VISIBLE_OF_KIND[kind], filter_parameters(request.filters)
    nearest: list[Nearest] = []
    if query.meaning is not None:
        nearest = find_nearest(
            query.meaning, visible=visible, subject_kind=kind.value, filters=filters, workspace_id=workspace_id
        )
    after_score, after_id = after or (None, None)
    parameters = {
        **_write_nearest(nearest),
        "words": query.words,
        "passed_over": find_passed_over(query.words, kind, workspace_id=workspace_id, reader=reader),
        "gathering": query.gathering,
        "exact": query.exact,
        "phrase": query.phrase,
        "speaker": query.speaker,
        "subject_kind": kind.value,
        "model": query.meaning and query.meaning.model,
        "candidates": CANDIDATES,
        "best": BEST,
        "postings": POSTINGS,
        **_ranking_parameters(ranking),
        "size": size,
        "after_score": after_score,
        "after_id": after_id,
        **filters,
    }
    return [Match(*row) for row in fetch_visible("hybrid", visible, parameters)]


def _write_nearest(nearest: Sequence[Nearest]) -> dict[str, str]:
    """Return them as texts of arrays: psycopg takes 3 ms to write 800 values one by one."""
    return {
        "near_ids": _write_array(item.id for item in nearest),
        "distances": _write_array(item.distance for item in nearest),
        "chunk_starts": _write_array(item.chunk_start for item in nearest),
        "chunk_ends": _write_array(item.chunk_end for item in nearest),
    }


def _write_array(values: Iterable[UUID | float]) -> str:
    return f"{{{','.join(map(str, values))}}}"


def _ranking_parameters(ranking: Ranking) -> dict[str, object]:
    return {**asdict(ranking), "field_weights": list(ranking.field_weights)}


def _load_groups(buckets: Sequence[Bucket], query: _Query, size: int) -> list[HitGroup]:
    """Load the best of each group, all in one go."""
    hits = iter(_load_hits([match for bucket in buckets for match in bucket.matches[:size]], query))
    return [
        HitGroup(bucket.key, bucket.title, len(bucket.matches), list(islice(hits, min(size, len(bucket.matches)))))
        for bucket in buckets
    ]


def load_memories(ids: Collection[UUID]) -> dict[UUID, Memory]:
    """Return memories by their ids, with what is shown of them."""
    shown = Memory.objects.select_related("session", "project", "author").defer("search", "metadata", "tool")
    return shown.in_bulk(list(ids))


def _load_hits(page: Sequence[Found], query: _Query) -> list[Hit]:
    memories = load_memories([match.id for kind, match in page if kind == Kind.MEMORY])
    objects = (
        CodeObject.objects.select_related("file", "project")
        .defer("search")
        .in_bulk([match.id for kind, match in page if kind == Kind.CODE])
    )
    summaries = read_summaries([match.id for kind, match in page if kind == Kind.SUMMARY])
    subjects: Mapping[UUID, Memory | CodeObject | Summary] = {**memories, **objects, **summaries}
    there = [(kind, match, subjects[match.id]) for kind, match in page if match.id in subjects]
    windows = [cut_window(subject.content, match.chunk_start) for _, match, subject in there]
    snippets = make_snippets(windows, query.any_words)
    standings = find_standings(memories)
    return [
        Hit(kind, match, subject, snippet, standing=standings.get(match.id))
        for (kind, match, subject), snippet in zip(there, snippets, strict=True)
    ]
