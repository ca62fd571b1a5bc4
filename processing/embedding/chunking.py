"""Cutting a text into overlapping spans: atoms, never cut, are packed into chunks of a token budget."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from processing.embedding.provider import Chunk

_LINE_SEARCH = 0.75
"""A chunk ends at a line's end when one lies in its last quarter."""
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)


@dataclass(frozen=True, slots=True)
class Atom:
    """The text from `start` to the next atom's start, costing `cost` of the budget."""

    start: int
    cost: int
    opens_line: bool


def whole_text(text: str) -> tuple[Chunk, ...]:
    """The one chunk of a text within the budget: what `pack_atoms` would make of it, without listing atoms."""
    return (Chunk(chunk_no=0, start=0, end=len(text)),)


def opens_line(text: str, *, previous_start: int, start: int) -> bool:
    """Tell whether a line ends between two atoms."""
    return text.find("\n", previous_start, start) != -1


def continues_character(text: str, index: int) -> bool:
    """Tell whether the character at `index` belongs to the one before it on screen."""
    if index == 0 or text[index - 1].isspace():
        return False
    character = text[index]
    if character == _JOINER or text[index - 1] == _JOINER or ord(character) in _SKIN_TONES:
        return True
    return unicodedata.category(character).startswith("M")


def pack_atoms(atoms: Sequence[Atom], *, budget: int, overlap: int, length: int) -> tuple[Chunk, ...]:
    """Pack atoms into chunks that cover `range(length)`; only an atom over `budget` makes a chunk over it."""
    chunks: list[Chunk] = []
    first = end = 0
    while end < len(atoms):
        end = _find_end(atoms, first=first, beyond=end, budget=budget)
        start = atoms[first].start if chunks else 0
        stop = atoms[end].start if end < len(atoms) else length
        chunks.append(Chunk(chunk_no=len(chunks), start=start, end=stop))
        first = _find_overlap(atoms, first=first, end=end, budget=budget, overlap=overlap)
    return tuple(chunks)


def _find_end(atoms: Sequence[Atom], *, first: int, beyond: int, budget: int) -> int:
    """Return the index after the chunk's last atom: past `beyond`, within budget, at a line's end if near."""
    spent = 0
    end = first
    last_line = None
    while end < len(atoms) and (end <= beyond or spent + atoms[end].cost <= budget):
        if end > beyond and atoms[end].opens_line and spent >= budget * _LINE_SEARCH:
            last_line = end
        spent += atoms[end].cost
        end += 1
    if end == len(atoms) or atoms[end].opens_line or last_line is None:
        return end
    return last_line


def _find_overlap(atoms: Sequence[Atom], *, first: int, end: int, budget: int, overlap: int) -> int:
    """Return where the next chunk starts: some atoms back, unless that leaves no room for the next atom."""
    if end == len(atoms):
        return end
    room = min(overlap, budget - atoms[end].cost)
    start = end
    while start - 1 > first and atoms[start - 1].cost <= room:
        start -= 1
        room -= atoms[start].cost
    return start
