"""Every ranking over the same questions: BM25, and the product's own search.

Imported once the settings are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unittest.mock import patch

from benchmarks.relevance.bm25 import make_bm25
from benchmarks.relevance.loading import Loaded
from benchmarks.relevance.questions import Question, Text
from benchmarks.relevance.scoring import LENGTH, Score, score
from processing.models import Memory
from supastate.search import common_words, searching
from supastate.search.model import Filters, Kind, SearchRequest
from supastate.search.ranking import POSTINGS, RANKING_OF_KIND, Ranking
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
    name: str,
    ranking: Ranking,
    *,
    kind: Kind,
    loaded: Loaded,
    questions: Sequence[Question],
    everywhere: bool = False,
) -> Score:
    """Score the product's search, each question inside its group's project or `everywhere`."""
    found = [
        find_texts(question, ranking, kind=kind, loaded=loaded, everywhere=everywhere) for question in questions
    ]
    return score(name, found, [question.answers for question in questions])


def measure_as_among(texts: int, *, kind: Kind, loaded: Loaded, questions: Sequence[Question]) -> Iterator[Score]:
    """Yield scores as if all texts were spread among so many: a word then gives a smaller share of its rows.

    Once every word gathers rows, and once only those that are not common, as a large workspace is searched.
    """
    postings = max(POSTINGS * len(loaded.text_ids) // texts, 1)
    for name, bound in (("every word gathers", ""), ("common words passed over", "g")):
        as_among = {"SAMPLED": len(loaded.text_ids), "MANY": bound}
        with patch.multiple(common_words, **as_among), patch.object(searching, "POSTINGS", postings):
            common_words.forget_common_words()
            yield measure_ranking(
                f"as among {texts:,} texts, {name}",
                RANKING_OF_KIND[kind],
                kind=kind,
                loaded=loaded,
                questions=questions,
                everywhere=True,
            )
    common_words.forget_common_words()


def find_texts(
    question: Question, ranking: Ranking, *, kind: Kind, loaded: Loaded, everywhere: bool = False
) -> list[list[str]]:
    """Return the places of the list that is found: of each the text, and those that it stands for."""
    filters = Filters(projects=None if everywhere else [loaded.projects[question.group]])
    request = SearchRequest(question.text, [kind], _DEPTH[kind], filters)
    page = search(request, workspace_id=loaded.workspace_id, reader=PIPELINE, rankings={kind: ranking})
    if page.degraded:
        raise RuntimeError(f"Search was degraded: {page.degraded}")
    places: dict[str, list[str]] = {}
    for hit in page.hits:
        identity = str(hit.subject.pk) if isinstance(hit.subject, Memory) else hit.subject.uid
        name = loaded.text_ids[identity]
        places.setdefault(name, [name]).extend(loaded.text_ids[alike] for alike in hit.match.collapsed)
    return list(places.values())
