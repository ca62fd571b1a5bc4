"""Splits a shell command into its simple commands and the operators between them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

OPERATORS = "();<>|&\n"
COMMENT_LINE = re.compile(r"^\s*#.*\n?", re.MULTILINE)
FILE_DESCRIPTORS = frozenset({"1", "2"})


@dataclass(frozen=True, slots=True)
class Segment:
    """One simple command, and the operator between it and the next ('' after the last)."""

    words: tuple[str, ...]
    then: str


def split_command(text: str) -> tuple[Segment, ...] | None:
    """Return the simple commands of `text` without redirections; None when it is more than words and operators."""
    if "<<" in text:
        return None
    try:
        words = tuple(_drop_redirections(_read_words(text)))
    except ValueError:  # an unbalanced quote
        return None
    return tuple(_group(words))


def _read_words(text: str) -> Iterator[str]:
    joined = COMMENT_LINE.sub("", text.replace("\\\n", " "))
    lexer = shlex.shlex(joined, posix=True, punctuation_chars=OPERATORS)
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    return iter(lexer)


def _drop_redirections(words: Iterable[str]) -> Iterator[str]:
    """Leave out `> file`, `2>&1` and the like: they change nothing of what is run."""
    held: str | None = None
    skip = False
    for word in words:
        if skip:
            skip = False
            continue
        if _is_operator(word) and set(word) & set("<>"):
            held = None if held in FILE_DESCRIPTORS else held
            skip = True
        if held is not None:
            yield held
        held = None if skip else word
    if held is not None:
        yield held


def _group(words: Iterable[str]) -> Iterator[Segment]:
    current: list[str] = []
    for word in words:
        operator = _name_operator(word) if _is_operator(word) else None
        if operator is None:
            current.append(word)
        elif operator and current:
            yield Segment(tuple(current), operator)
            current = []
    if current:
        yield Segment(tuple(current), "")


def _is_operator(word: str) -> bool:
    return bool(word) and all(character in OPERATORS for character in word)


def _name_operator(word: str) -> str:
    """Return the operator in a run of operator characters; '' for a bracket alone, which runs nothing."""
    bare = word.translate(str.maketrans("", "", "()\n"))
    return bare or (";" if "\n" in word else "")
