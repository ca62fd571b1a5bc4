"""Suggests contradictions between what is new and what is near to it.

The cost follows what is new: a memory is compared with its few nearest by meaning, and never with all. What was
suggested before is left as somebody judged it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from processing.contradictions.disagreement import find_disagreement
from processing.contradictions.statements import read_near_memories
from processing.embedding_models import LiveModel, active_model
from processing.models import Contradiction, ContradictionState, Embedding, Memory, SubjectKind
from processing.patterns.checkpoints import Span
from processing.vector_indexes import walk_indexes
from supastate.sql_files import fetch_all

LEAST_COSINE = 0.6
NEIGHBOURS = 12
READ_AT_ONCE = 200
EF_SEARCH, MOST_PASSED = 100, 20_000  # how far an index of vectors looks, past those of other workspaces


def suggest_next(span: Span, *, workspace_id: UUID) -> UUID | None:
    """Compare the next memories of a span; return the last of them, None when nothing is left. Inside a scope."""
    unread = Memory.objects.filter(workspace_id=workspace_id, pk__gt=span.after, pk__lte=span.upto)
    ids = list(unread.order_by("pk").values_list("pk", flat=True)[:READ_AT_ONCE])
    if not ids:
        return None
    Contradiction.objects.bulk_create(_find(ids, workspace_id), ignore_conflicts=True)
    return ids[-1]


def review_changed(workspace_id: UUID) -> None:
    """Withdraw suggestions whose texts were changed and do not disagree any more. Inside a scope."""
    changed = Q(first__updated_at__gt=F("found_at")) | Q(second__updated_at__gt=F("found_at"))
    suggested = Contradiction.objects.filter(
        changed, workspace_id=workspace_id, state=ContradictionState.SUGGESTED
    )
    for row in suggested.exclude(kind="").select_related("first", "second"):
        found = find_disagreement(row.first.content, row.second.content)
        if found is None:
            row.delete()
            continue
        row.kind, row.difference, row.found_at = found.kind, found.difference, timezone.now()
        row.save(update_fields=["kind", "difference", "found_at"])


def _find(ids: Sequence[UUID], workspace_id: UUID) -> Iterator[Contradiction]:
    for first_id, first, second_id, second, cosine in _find_near(ids, active_model()):
        found = find_disagreement(first, second)
        if found is not None:
            yield Contradiction(
                workspace_id=workspace_id,
                first_id=first_id,
                second_id=second_id,
                kind=found.kind,
                difference=found.difference[:300],
                cosine=cosine,
                contradicted_id=first_id,
            )


def _find_near(ids: Sequence[UUID], model: LiveModel) -> list[tuple[Any, ...]]:
    """Return pairs of neighbours, the earlier first: id, text, id, text, cosine."""
    most = settings.SEARCH_EXACT_VECTORS
    of_memories = Embedding.objects.filter(subject_kind=SubjectKind.MEMORY, model=model.name)
    is_large = of_memories[:most].count() == most
    if is_large:
        walk_indexes(ef_search=EF_SEARCH, most_passed=MOST_PASSED, sorts=False)
    statement = read_near_memories(dimensions=model.spec.dimensions if is_large else None)
    parameters: dict[str, Any] = {"ids": list(ids), "model": model.name, "most": NEIGHBOURS, "least": LEAST_COSINE}
    return fetch_all(statement, parameters)
