"""Every ranking over the same questions: BM25, and the product's own search.

Imported once the settings are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from benchmarks.relevance.bm25 import make_bm25
from benchmarks.relevance.loading import Loaded
from benchmarks.relevance.questions import Question, Text
from benchmarks.relevance.scoring import LENGTH, Score, score
from processing.models import Memory
from supastate.search import common_words
from supastate.search.model import Filters, Kind, SearchRequest
from supastate.search.ranking import Ranking
from supastate.search.searching import search
from supastate.workspaces.scope import PIPELINE

_DEPTH = {Kind.MEMORY: LENGTH, Kind.CODE: 2 * LENGTH}  # a file's own object may stand before its function


def measure_yardstick(texts: Sequence[Text], questions: Sequence[Question]) -> Iterable[Score]:
    """Yield BM25's scores, with words as they stand and stemmed."""
    answers = [question.answers for question in questions]
    for name, stems in (("BM25", False), ("BM25, stemmed", True)):
        find = make_bm25(texts, stems=stems)
        found = [[{text} for text in find(question, LENGTH)] for question in questions]
        yield score(name, found, answers)


def measure_ranking(
    name: str, ranking: Ranking, *, kind: Kind, loaded: Loaded, questions: Sequence[Question]
) -> Score:
    """Score the product's search, each question inside its group's project."""
    found = [find_texts(question, ranking, kind=kind, loaded=loaded) for question in questions]
    return score(name, found, [question.answers for question in questions])


@contextmanager
def common_words_passed_over() -> Iterator[None]:
    """Search as among many texts; the sample is all texts."""
    as_among_many = {"SAMPLED": 1_000_000, "LEAST": 1, "MANY": "g"}
    common_words.forget_common_words()
    with patch.multiple(common_words, **as_among_many):
        yield
    common_words.forget_common_words()


def find_texts(question: Question, ranking: Ranking, *, kind: Kind, loaded: Loaded) -> list[list[str]]:
    """Return the places of the list that is found: of each the text, and those that it stands for."""
    request = SearchRequest(
        question.text, [kind], _DEPTH[kind], Filters(projects=[loaded.projects[question.group]])
    )
    page = search(request, workspace_id=loaded.workspace_id, reader=PIPELINE, rankings={kind: ranking})
    if page.degraded:
        raise RuntimeError(f"Search was degraded: {page.degraded}")
    places: dict[str, list[str]] = {}
    for hit in page.hits:
        identity = str(hit.subject.pk) if isinstance(hit.subject, Memory) else hit.subject.uid
        name = loaded.text_ids[identity]
        places.setdefault(name, [name]).extend(loaded.text_ids[alike] for alike in hit.match.collapsed)
    return list(places.values())
