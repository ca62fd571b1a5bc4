"""Snippets: the best chunk of a long text, with the matched words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from supastate.search.model import Highlight, Snippet
from supastate.search.statements import fetch_rows

START, STOP = "\x02", "\x03"
MARK = re.compile(f"[{START}{STOP}]")
SCANNED_CHARACTERS = 4_000


def make_snippets(texts: Sequence[str], query: str) -> list[Snippet]:
    """Return the snippet of each text for a tsquery. Runs inside a workspace scope."""
    if not texts:
        return []
    clean = [MARK.sub(" ", text) for text in texts]
    rows = fetch_rows("headlines", {"texts": clean, "query": query})
    return [_read_headline(row[0]) for row in rows]


def cut_window(text: str, start: int | None) -> str:
    """Return the part of a text from which a snippet is made: around its best chunk, else its beginning."""
    begin = max(0, (start or 0) - 200)
    return text[begin : begin + SCANNED_CHARACTERS]


def _read_headline(headline: str) -> Snippet:
    text: list[str] = []
    highlights: list[Highlight] = []
    length, opened = 0, 0
    for piece in re.split(f"([{START}{STOP}])", headline):
        if piece == START:
            opened = length
        elif piece == STOP:
            highlights.append(Highlight(opened, length))
        else:
            text.append(piece)
            length += len(piece)
    return Snippet("".join(text), tuple(highlights))
