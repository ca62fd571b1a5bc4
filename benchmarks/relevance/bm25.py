"""The yardstick: BM25 as `bm25s` computes it, with its own tokens and stop words, over the same texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import bm25s
import numpy as np
import Stemmer

from benchmarks.relevance.questions import Question, Text

Find = Callable[[Question, int], list[str]]


def make_bm25(texts: Sequence[Text], *, stems: bool) -> Find:
    """Return a function (question, how many) -> ids, the best first; each group is a corpus of its own."""
    stemmer = Stemmer.Stemmer("english") if stems else None
    groups: dict[str, list[Text]] = defaultdict(list)
    for text in texts:
        groups[text.group].append(text)
    indexes = {group: _index(members, stemmer) for group, members in groups.items()}

    def find(question: Question, count: int) -> list[str]:
        index, vocabulary = indexes[question.group]
        [words] = bm25s.tokenize(
            [question.text], stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False
        )
        known = [word for word in words if word in vocabulary]
        if not known:
            return []
        scores = index.get_scores(known)
        best = np.argsort(-scores, kind="stable")[:count]
        return [groups[question.group][place].id for place in best if scores[place] > 0]

    return find


def _index(texts: Sequence[Text], stemmer: Stemmer.Stemmer | None) -> tuple[bm25s.BM25, dict[str, int]]:
    tokens = bm25s.tokenize([text.content for text in texts], stopwords="en", stemmer=stemmer, show_progress=False)
    index = bm25s.BM25()
    index.index(tokens, show_progress=False)
    return index, tokens.vocab
