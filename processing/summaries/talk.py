"""Reads what people and assistants said, and picks the sentences that stand for all of it. Runs inside a scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from processing.models import Embedding, Memory, Role, SubjectKind
from processing.summaries.centrality import DIGITS, choose_central, measure_relevance
from processing.summaries.drafts import Line, Passage
from processing.summaries.sentences import (
    Vectors,
    count_words,
    cut,
    list_sentences,
    make_word_vectors,
    to_length_one,
)

TURN_CHARACTERS = 4_000
MOST_TURNS = 400
MOST_SENTENCES = 60  # of a turn
LEAST_WEIGHT = 0.75
FULL_WORDS = 10  # what is shorter says less
MOST_CHUNKS = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody said: the beginning of it, and how much it matters (0 to 1)."""

    id: UUID
    role: str
    text: str
    content_hash: str
    importance: float
    occurred_at: datetime

    @property
    def passage(self) -> Passage:
        """The turn as a model reads it."""
        return Passage(self.role, self.text, (self.id,))


def select_spoken(memories: QuerySet[Memory]) -> QuerySet[Memory]:
    """Narrow memories to what people and assistants say to each other."""
    to_each_other = Q(metadata__isSidechain__isnull=True) | Q(metadata__isSidechain=False)
    in_words = Q(metadata__kind__isnull=True) | Q(metadata__kind="text")
    return memories.filter(to_each_other, in_words, role__in=(Role.USER, Role.ASSISTANT), tool__isnull=True)


def read_turns(memories: QuerySet[Memory], *, most: int = MOST_TURNS) -> list[Turn]:
    """Return the turns in order; of more than `most` so many that lie evenly, with the first and the last."""
    ids = list(_in_order(memories).values_list("pk", flat=True))
    if len(ids) > most:
        places = np.linspace(0, len(ids) - 1, most).round().astype(int)
        ids = [ids[place] for place in places]
    told = _in_order(Memory.objects.filter(pk__in=ids)).annotate(text=Left("content", TURN_CHARACTERS))
    rows = told.values_list("pk", "role", "text", "content_hash", "importance", "occurred_at")
    return [Turn(*row) for row in rows if row[2].strip()]


def pick_points(turns: Sequence[Turn], *, model: str, most: int, label: str = "point") -> list[Line]:
    """Return the sentence of each central turn that is nearest to the centre of all sentences, in order.

    Turns are compared by their vectors where every one has its own, else by their words.
    """
    if not turns:
        return []
    weights = [LEAST_WEIGHT + (1 - LEAST_WEIGHT) * turn.importance for turn in turns]
    chosen = choose_central(_find_vectors(turns, model), weights, most=most)
    parts = [list_sentences(turn.text)[:MOST_SENTENCES] for turn in turns]
    relevance = _weigh_sentences([sentence for part in parts for sentence in part])
    starts = np.cumsum([0, *map(len, parts)])
    lines: list[Line] = []
    for index in chosen:
        part = parts[index]
        if not part:
            continue
        best = int(np.argmax(relevance[starts[index] : starts[index + 1]]))
        line = Line(label, cut(part[best]), (turns[index].id,))
        if line.text not in {known.text for known in lines}:
            lines.append(line)
    return lines


def _weigh_sentences(sentences: Sequence[str]) -> Vectors:
    """Return how near to the centre of all each sentence is."""
    weights = [min(1.0, count_words(sentence) / FULL_WORDS) for sentence in sentences]
    return measure_relevance(make_word_vectors(sentences), weights).round(DIGITS)


def _find_vectors(turns: Sequence[Turn], model: str) -> Vectors:
    """Return a row of length 1 for each turn: the mean of its first chunks' vectors."""
    rows = Embedding.objects.filter(
        subject_kind=SubjectKind.MEMORY,
        model=model,
        source_hash__in={turn.content_hash for turn in turns},
        chunk_no__lt=MOST_CHUNKS,
    ).order_by("source_hash", "chunk_no")
    chunks: dict[str, list[Vectors]] = {}
    for source_hash, vector in rows.values_list("source_hash", "vector"):
        chunks.setdefault(source_hash, []).append(np.asarray(vector, dtype=np.float32))
    if any(turn.content_hash not in chunks for turn in turns):
        return make_word_vectors([turn.text for turn in turns])
    means = {source_hash: np.mean(parts, axis=0) for source_hash, parts in chunks.items()}
    return to_length_one(np.stack([means[turn.content_hash] for turn in turns]).astype(np.float32))


def _in_order(memories: QuerySet[Memory]) -> QuerySet[Memory]:
    return memories.order_by("occurred_at", "source_line", "part_no", "pk")
