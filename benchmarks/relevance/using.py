"""What use changes: half of the questions are asked and what answers them is read, then every question is asked.

The half that was asked before shows what is gained, the other half what it costs those who look for something else
in the same chats. Imported once the settings are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from benchmarks.relevance.loading import Loaded
from benchmarks.relevance.measuring import find_texts, measure_ranking
from benchmarks.relevance.questions import Question
from benchmarks.relevance.scoring import Score
from processing.dynamics.consolidating import consolidate
from processing.models import Memory, MemoryAccess
from supastate.search.model import Kind
from supastate.search.ranking import RANKING_OF_KIND
from supastate.workspaces.scope import workspace_scope

DAYS_AGO = (9, 3, 1)
SEEN = 10
_SERVED = RANKING_OF_KIND[Kind.MEMORY]


def measure_use(questions: Sequence[Question], loaded: Loaded) -> Iterator[tuple[str, Score]]:
    """Yield the scores of both halves, with more and less given to what was read."""
    asked, new = questions[::2], questions[1::2]
    _use(asked, loaded)
    for boost in dict.fromkeys((_SERVED.activation_boost, 0.0, 0.05, 0.2, 0.4)):
        ranking = replace(_SERVED, activation_boost=boost)
        for half, members in (("asked before", asked), ("not asked", new)):
            name = f"activation {boost:g}{', as served' if ranking == _SERVED else ''}"
            yield half, measure_ranking(name, ranking, kind=Kind.MEMORY, loaded=loaded, questions=members)


def _use(questions: Sequence[Question], loaded: Loaded) -> None:
    """Ask on some days, read each answer that is among the results, and end with the daily cycle."""
    now = timezone.now()
    ids = {text: UUID(identity) for identity, text in loaded.text_ids.items()}
    with workspace_scope(loaded.workspace_id):
        reader = Memory.objects.values_list("author_id", flat=True)[0]
    accesses = []
    for question in questions:
        places = find_texts(question, _SERVED, kind=Kind.MEMORY, loaded=loaded)
        seen = [(place[0], MemoryAccess.Way.SEARCH) for place in places[:SEEN]]
        read = [(text, MemoryAccess.Way.READ) for place in places for text in place if text in question.answers]
        accesses += [
            MemoryAccess(
                workspace_id=loaded.workspace_id,
                memory_id=ids[text],
                reader_id=reader,
                way=way,
                accessed_at=now - timedelta(days=days),
            )
            for text, way in seen + read
            for days in DAYS_AGO
        ]
    with workspace_scope(loaded.workspace_id):
        MemoryAccess.objects.bulk_create(accesses)
    consolidate(loaded.workspace_id, moment=now)
