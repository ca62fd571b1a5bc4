"""The wire form of what search finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from processing.memories.standing import Standing, describe_confidence
from processing.models import CodeObject, Memory, Summary
from processing.summaries.rendering import describe_origin
from supastate.api.inputs import with_warnings
from supastate.search.cursors import SearchCursor
from supastate.search.facets import FacetCount
from supastate.search.model import Match, Reranked, SearchRequest
from supastate.search.related import Related, RelatedItems
from supastate.search.relating import RelatedMemory
from supastate.search.requests import Asked
from supastate.search.searching import Hit, HitGroup, SearchPage
from supastate.search.suggesting import Suggestion
from supastate.search.understanding import Understood

TITLE_CHARACTERS = 120


def describe_page(
    asked: Asked,
    request: SearchRequest,
    page: SearchPage,
    *,
    named: Sequence[CodeObject],
    related: RelatedItems | None,
    unknown: Sequence[str],
) -> dict[str, Any]:
    """Return the answer to a search."""

    def describe(hits: Sequence[Hit]) -> list[dict[str, Any]]:
        unscored = {} if request.query else {"score": None}
        return [
            {**describe_hit(hit, explain=request.explain), **unscored, **_describe_related(hit, related)}
            for hit in hits
        ]

    cursor = SearchCursor(page.after, asked.asked_at, asked.identity) if page.after else None
    body: dict[str, Any] = {
        "results": describe(page.hits),
        "nextCursor": cursor.encode() if cursor else None,
        "pending": page.pending,
        "understood": describe_understood(asked.understood),
    }
    if page.groups is not None:
        body["groups"] = [{**_describe_group(group), "results": describe(group.hits)} for group in page.groups]
    if page.facets is not None:
        body["facets"] = {name: list(map(_describe_count, counts)) for name, counts in page.facets.items()}
    if named:
        body["named"] = [
            {"kind": "code", "id": code.uid, "title": title_of(code), "source": describe_source(code)}
            for code in named
        ]
    degraded = page.degraded or (related.degraded if related else None)
    return with_warnings(body | ({"degraded": degraded} if degraded else {}), [*asked.warnings, *unknown])


def describe_understood(understood: Understood) -> dict[str, Any]:
    """Return the text that was searched for, and each filter as the parameter that says the same."""
    return {
        "text": understood.text,
        "filters": [
            {
                "name": condition.name,
                "value": condition.value.isoformat() if isinstance(condition.value, datetime) else condition.value,
                "from": condition.source,
            }
            for condition in understood.conditions
        ],
    }


def describe_hit(hit: Hit, *, explain: bool) -> dict[str, Any]:
    """Return one result."""
    body: dict[str, Any] = {
        "kind": hit.kind.value,
        "id": hit.subject.uid if isinstance(hit.subject, CodeObject) else hit.subject.pk,
        "score": round(hit.match.score, 6),
        "title": title_of(hit.subject),
        "snippet": hit.snippet.text,
        "highlights": [{"start": mark.start, "end": mark.end} for mark in hit.snippet.highlights],
        "source": describe_source(hit.subject),
        "collapsed": {"count": len(hit.match.collapsed), "ids": list(hit.match.collapsed)},
    }
    if explain:
        body["explain"] = (
            explain_match(hit.match) | _explain_reranked(hit.reranked) | _explain_standing(hit.standing)
        )
    return body | describe_contradictions(hit.standing)


def describe_contradictions(standing: Standing | None) -> dict[str, Any]:
    """Return the memories that hold against one, and those that it holds against, where there are any."""
    if standing is None:
        return {}
    found = {"contradictedBy": standing.contradicted_by, "contradicts": standing.contradicts}
    return {name: list(ids) for name, ids in found.items() if ids}


def describe_source(subject: Memory | CodeObject | Summary) -> dict[str, Any]:
    """Return where a result comes from."""
    if isinstance(subject, Summary):
        return describe_origin(subject)
    project = subject.project
    named = {"id": project.pk, "name": project.name} if project else None
    if isinstance(subject, Memory):
        session = subject.session
        return {
            "project": named,
            "session": {"id": session.pk, "key": session.key} if session else None,
            "author": {"id": subject.author_id, "name": subject.author.get_username()},
            "role": subject.role,
            "occurredAt": subject.occurred_at,
            "line": subject.source_line,
            "filePaths": subject.file_paths,
            "processingStatus": subject.processing_status,
        }
    return {
        "project": named,
        "path": subject.file.path,
        "language": subject.file.language,
        "codeKind": subject.kind,
        "qualifiedName": subject.qualified_name,
        "signature": subject.signature,
        "startLine": subject.start_line,
        "endLine": subject.end_line,
        "processingStatus": subject.processing_status,
    }


def explain_match(match: Match) -> dict[str, Any]:
    """Return the parts of a score, which is the sum of all contributions; similarity is 1 - cosine distance."""
    return {
        "vector": match.vector_rank
        and {
            "rank": match.vector_rank,
            "similarity": round(1 - (match.distance or 0.0), 4),
            "contribution": round(match.vector_part, 6),
        },
        "text": match.text_rank
        and {
            "rank": match.text_rank,
            "score": round(match.text_score or 0.0, 4),
            "contribution": round(match.text_part, 6),
        },
        "exact": {"contribution": round(match.exact_part, 6)},
        "speaker": {"contribution": round(match.speaker_part, 6)},
        "recency": {"contribution": round(match.recency_part, 6)},
        "graph": {"contribution": round(match.graph_part, 6)},
        "activation": {"contribution": round(match.activation_part, 6)},
    }


def _explain_standing(standing: Standing | None) -> dict[str, Any]:
    return {"confidence": describe_confidence(standing.confidence)} if standing else {}


def _explain_reranked(reranked: Reranked | None) -> dict[str, Any]:
    return {"rerank": {"rank": reranked.rank, "before": reranked.before}} if reranked else {}


def describe_suggestion(suggestion: Suggestion) -> dict[str, Any]:
    """Return one suggestion."""
    return {
        "kind": suggestion.kind.value,
        "text": suggestion.text,
        "id": suggestion.id,
        "detail": suggestion.detail,
    }


def describe_related_memory(related: RelatedMemory) -> dict[str, Any]:
    """Return a memory with how it is related to another."""
    return {
        "relation": related.relation.value,
        "score": round(related.score, 4),
        "reason": related.reason,
        "id": related.memory.pk,
        "title": title_of(related.memory),
        "source": describe_source(related.memory),
    }


def _describe_group(group: HitGroup) -> dict[str, Any]:
    return {"key": group.key, "title": group.title, "count": group.count}


def _describe_count(count: FacetCount) -> dict[str, Any]:
    return {"value": count.value, "label": count.label or count.value, "count": count.count}


def _describe_related(hit: Hit, related: RelatedItems | None) -> dict[str, Any]:
    if related is None:
        return {}
    return {"related": [_describe_neighbour(item) for item in related.by_hit.get(hit.subject.pk, ())]}


def _describe_neighbour(item: Related) -> dict[str, Any]:
    return {
        "relation": item.relation,
        "kind": item.kind.value,
        "id": item.id,
        "title": _first_line(item.text),
        "source": item.place,
        "confidence": None if item.confidence is None else round(item.confidence, 3),
    }


def title_of(subject: Memory | CodeObject | Summary) -> str:
    """Return the name of code, the first line of a memory or summary."""
    if isinstance(subject, CodeObject):
        return subject.file.path if subject.kind == "file" else subject.qualified_name
    return _first_line(subject.content)


def _first_line(text: str) -> str:
    first = text.strip().partition("\n")[0]
    return first if len(first) <= TITLE_CHARACTERS else f"{first[: TITLE_CHARACTERS - 1]}…"
