"""Extracts of texts: whole sentences, lines and code blocks of a text, never words that it does not have.

A text over its room keeps its first piece, then the pieces that share words with the question (the most first),
then its last piece, then the others in order, as long as there is room. They stand in their own order; `…` stands
for what is left out. A code block is one piece: it is kept whole or not at all. Of a text whose first piece alone
is too long, the beginning of that piece is kept, and a code block is closed. Of a very long text only the ends
are looked at.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from processing.embedding.chunking import continues_character
from supastate.search.context.counting import count_tokens

MARK = "…"
GAP = f"\n{MARK}\n"
GAP_TOKENS = count_tokens(GAP)
LONGEST_WORD = 40
WORD = re.compile(r"\w+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])")
FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})[^`]*$")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, a line or a code block, and the numbers of its first and last line."""

    text: str
    first: int
    last: int


def find_words(text: str) -> frozenset[str]:
    """Return the words of a text in lower case; those of one letter say nothing."""
    return frozenset(word for word in WORD.findall(text.lower()) if len(word) > 1)


def shorten(text: str, *, most: int, words: Collection[str] = (), reach: int = 4) -> str:
    """Return the text if it takes at most `most` tokens, else its extract; '' if not even that has room.

    Pieces are looked for in a part of the text that is about `reach` times as long as the extract.
    """
    if count_tokens(text) <= most:
        return text
    pieces = list(_split(_window(text, characters=most * 3 * reach)))
    kept: list[int] = []
    left = most - GAP_TOKENS
    for index in _order_by_interest(pieces, words):
        cost = count_tokens(pieces[index].text) + GAP_TOKENS
        if cost <= left:
            kept.append(index)
            left -= cost
        elif not kept:
            return _cut(pieces[index], most)
    return _join(pieces, sorted(kept))


def cut_lines(text: str, *, most: int) -> str:
    """Return as many whole lines from the beginning as have room, with the mark; '' if not one has."""
    if count_tokens(text) <= most:
        return text
    lines = text[: max(most, 0) * 3 + 1].split("\n")
    room = most - GAP_TOKENS
    count = bisect_right(range(1, len(lines)), room, key=lambda n: count_tokens("\n".join(lines[:n])))
    return "\n".join([*lines[:count], MARK]) if count else ""


def cut_text(text: str, *, most: int) -> str:
    """Return the beginning of a text, at a word's end where one is near, with the mark; '' if that has no room."""
    if count_tokens(text) <= most:
        return text
    room = most - count_tokens(MARK)
    if room <= 0:
        return ""
    beginning = text[: room * 3 + 1]
    end = bisect_right(range(1, len(beginning)), room, key=lambda n: count_tokens(beginning[:n]))
    while continues_character(text, end):
        end -= 1
    space = max(beginning.rfind(" ", 0, end), beginning.rfind("\n", 0, end))
    kept = beginning[: space if space > 0 and end - space <= LONGEST_WORD else end].rstrip()
    return kept + MARK if kept else ""


def _window(text: str, *, characters: int) -> str:
    """Return both ends of a text that is longer than so many characters, the beginning twice as long."""
    if len(text) <= characters:
        return text
    third = characters // 3
    return f"{text[: 2 * third]}{GAP}{text[-third:]}"


def _split(text: str) -> Iterator[_Piece]:
    """Yield the pieces of a text; a code block that the text leaves open is closed."""
    block: list[str] = []
    fence = ""
    number = 0
    for number, line in enumerate(text.split("\n")):
        if fence:
            block.append(line)
            if _closes(line, fence):
                yield _Piece("\n".join(block), number - len(block) + 1, number)
                fence = ""
        elif opening := FENCE.match(line):
            fence, block = opening["fence"], [line]
        else:
            yield from (_Piece(part, number, number) for part in SENTENCE_END.split(line) if part.strip())
    if fence:
        yield _Piece("\n".join([*block, fence]), number - len(block) + 1, number)


def _closes(line: str, fence: str) -> bool:
    marks = line.strip()
    return len(marks) >= len(fence) and set(marks) == {fence[0]}


def _order_by_interest(pieces: Sequence[_Piece], words: Collection[str]) -> list[int]:
    wanted = frozenset(words)
    shared = [len(find_words(piece.text) & wanted) if wanted else 0 for piece in pieces]
    last = len(pieces) - 1
    return sorted(range(len(pieces)), key=lambda index: (index != 0, -shared[index], index != last, index))


def _cut(piece: _Piece, most: int) -> str:
    """Return the beginning of a piece, with the mark even where only what follows it is left out."""
    opening = FENCE.match(piece.text.partition("\n")[0])
    if opening is None:
        return cut_text(f"{piece.text}{MARK}", most=most)
    inside = piece.text.rpartition("\n")[0]
    closing = f"\n{opening['fence']}"
    lines = cut_lines(f"{inside}\n{MARK}", most=most - count_tokens(closing))
    return lines and lines + closing


def _join(pieces: Sequence[_Piece], kept: Sequence[int]) -> str:
    parts: list[str] = []
    before = -1
    for index in kept:
        if index != before + 1:
            parts.append(GAP)
        elif parts:
            lines = pieces[index].first - pieces[before].last
            parts.append("\n" * min(lines, 2) or " ")
        parts.append(pieces[index].text)
        before = index
    if before < len(pieces) - 1:
        parts.append(GAP.rstrip())
    return "".join(parts)
