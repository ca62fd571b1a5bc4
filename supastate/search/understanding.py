"""Understands a query without a model: operators such as `project:` and times such as `yesterday` become filters,
paths and identifiers are noted, and the rest stays as the words to search for.

What is quoted is never understood. An unknown operator stays a word, with a warning; a known one with a value that
it cannot have is refused, since whoever writes it means it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from processing.models import Role
from supastate.errors import InvalidInputError
from supastate.search.model import Kind
from supastate.search.timewords import find_bounds, read_moment

MOST_OPERATORS = 20
LONGEST_VALUE = 1_024
PARAMETER_OF = {
    "project": "project",
    "lang": "language",
    "language": "language",
    "kind": "kind",
    "role": "role",
    "session": "session",
    "path": "path",
    "file": "path",
    "author": "author",
    "since": "since",
    "after": "since",
    "until": "until",
    "before": "until",
}
LANGUAGES = {"c#": "csharp", "c++": "cpp", "cs": "csharp", "golang": "go", "js": "javascript", "kt": "kotlin"}
LANGUAGES |= {"md": "markdown", "py": "python", "rb": "ruby", "rs": "rust", "sh": "bash", "ts": "typescript"}
KINDS = {"memory": Kind.MEMORY, "memories": Kind.MEMORY, "code": Kind.CODE}
KINDS |= {"summary": Kind.SUMMARY, "summaries": Kind.SUMMARY}

_PIECE = re.compile(
    r'(?P<phrase>-?"[^"]*"?)'
    r'|(?P<name>[A-Za-z]{2,20}):(?P<value>"[^"]*"(?=\s|$)|(?!//|[:"\s])\S+)'
    r"|(?P<word>\S+)"
)
# What a stranger's operator looks like: a port, a time, a Windows path or a traceback does not.
_OPERATOR_LIKE = re.compile(r"-?[a-z]{2,20}:[A-Za-z]", re.ASCII)
# A file's name alone is a path if its ending is that of source or text: `foo.bar` is more likely an attribute.
_PATH = re.compile(
    r"(?:\./)?((?:[\w@+.-]{1,100}/){1,20}[\w@+.-]{1,100}"
    r"|[\w@+-][\w.@+-]{0,99}\.(?:[ch](?:c|pp|s|ss)?|cfg|cypher|go|html|ini|java|json|jsx?|kts?|lua|md|mjs|php|proto|pyi?"
    r"|rb|rs|rst|scala|sh|sql|swift|toml|tsx?|txt|vue|xml|ya?ml))(?::(\d{1,7}))?"
)
_IDENTIFIER = re.compile(
    r"[A-Za-z_]\w{0,99}(?:(?:\.|::|#)[A-Za-z_]\w{0,99}){1,6}"
    r"|[A-Za-z]\w{0,99}_\w{1,99}|_\w{2,99}|[a-z][a-z0-9]{0,50}[A-Z]\w{0,99}|[A-Z][a-z0-9]{1,50}[A-Z]\w{0,99}"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter that was read from the query: the parameter that says the same, and the words it was read from.

    `is_sure` tells an operator from words that may only have been part of a sentence.
    """

    name: str
    value: str | datetime
    source: str
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class NamedPath:
    """A file that the query names, perhaps with a line."""

    path: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Understood:
    """A query: the text to search for, the conditions on what is found, and the code that the text names."""

    text: str
    conditions: tuple[Condition, ...] = ()
    paths: tuple[NamedPath, ...] = ()
    identifiers: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def understand(query: str, now: datetime, *, free_times: bool = True) -> Understood:
    """Read a query at the time `now`, in whose zone days begin. Raises InvalidInputError for a bad operator.

    Without `free_times` a time stays words unless an operator says it, with a warning.
    """
    conditions: list[Condition] = []
    warnings: list[str] = []
    kept: list[tuple[int, int]] = []
    searchable = list(query)
    for piece in _PIECE.finditer(query):
        if piece["name"] and piece["name"].lower() in PARAMETER_OF:
            conditions.append(_read_operator(piece, now))
            _blank(searchable, piece.start(), piece.end())
            if len(conditions) > MOST_OPERATORS:
                raise InvalidInputError(
                    f"q has more than {MOST_OPERATORS} operators.",
                    code="too_many_items",
                    field="q",
                    limit=MOST_OPERATORS,
                )
            continue
        if piece["phrase"]:
            kept.append(piece.span())
        warnings += _warn(piece[0])
    return _read_rest("".join(searchable), tuple(conditions), warnings, kept, now, free_times=free_times)


def _read_rest(
    text: str,
    conditions: tuple[Condition, ...],
    warnings: list[str],
    quoted: list[tuple[int, int]],
    now: datetime,
    *,
    free_times: bool,
) -> Understood:
    """Read times, paths and identifiers in what the operators left; `quoted` is not looked into."""
    free = list(text)
    for start, end in quoted:
        free[start:end] = '"' * (end - start)
    remaining = list(text)
    for bound in find_bounds("".join(free), now):
        source = text[bound.start : bound.end]
        if not free_times:
            warnings.append(f'nothing was found of that time, taken as words: "{source}"')
            continue
        ends = (("since", bound.since), ("until", bound.until))
        conditions += tuple(Condition(name, end, source, is_sure=False) for name, end in ends if end is not None)
        _blank(remaining, bound.start, bound.end)
        _blank(free, bound.start, bound.end)
    paths, identifiers = _read_names("".join(free))
    searched = " ".join("".join(remaining).split()) if conditions else text.strip()
    for named in paths:  # no text has `shop.py:42` as a word
        searched = re.sub(rf"({re.escape(named.path)}):\d+\b", r"\1", searched)
    return Understood(
        text=searched,
        conditions=conditions,
        paths=paths,
        identifiers=identifiers,
        warnings=tuple(warnings),
    )


def _read_names(text: str) -> tuple[tuple[NamedPath, ...], tuple[str, ...]]:
    """Return the paths and the identifiers of a text, those of its first hundred words."""
    words = [word.strip("?!,;()[]{}'`").rstrip(".:") for word in text.split(maxsplit=100)[:100]]
    short = [word for word in words if len(word) <= 300]
    paths = [found for word in short if (found := _PATH.fullmatch(word))]
    files = {found[0] for found in paths}
    identifiers = [word for word in short if word not in files and _IDENTIFIER.fullmatch(word)]
    lines = [NamedPath(found[1], int(found[2]) if found[2] else None) for found in paths]
    return tuple(dict.fromkeys(lines)), tuple(dict.fromkeys(identifiers))


def _blank(characters: list[str], start: int, end: int) -> None:
    characters[start:end] = " " * (end - start)


def _warn(piece: str) -> Iterator[str]:
    if not _OPERATOR_LIKE.match(piece):
        return
    name = piece.partition(":")[0]
    if name.removeprefix("-") in PARAMETER_OF:
        yield f"{name}: cannot be negated and was taken as words"
    else:
        yield f"unknown operator taken as words: {name}:"


def _read_operator(piece: re.Match[str], now: datetime) -> Condition:
    operator, value = piece["name"].lower(), piece["value"].strip('"').strip()
    if len(value) > LONGEST_VALUE:
        raise _refuse(piece, f"is longer than {LONGEST_VALUE} characters", "too_long")
    if not value:
        raise _refuse(piece, "has no value", "required")
    if operator in TIMES:
        return _read_time(piece, operator, value, now)
    reader = READERS.get(operator)
    name, read = reader(value) if reader else (PARAMETER_OF[operator], value)
    if not read:
        raise _refuse(piece, f"must be one of: {', '.join(CHOICES[operator])}", "invalid_choice")
    return Condition(name, read, piece[0])


def _read_time(piece: re.Match[str], operator: str, value: str, now: datetime) -> Condition:
    moment = read_moment(operator, value, now)
    if moment is None:
        raise _refuse(piece, 'is no time: write 2026-10-01, yesterday, 7d or "last week"', "invalid_time")
    return Condition(PARAMETER_OF[operator], moment, piece[0])


def _read_kind(value: str) -> tuple[str, str]:
    lowered = value.lower()
    if lowered in KINDS:
        return "kinds", KINDS[lowered].value
    return "codeKind", lowered if re.fullmatch(r"[a-z_]{2,32}", lowered) else ""


def _refuse(piece: re.Match[str], problem: str, code: str) -> InvalidInputError:
    operator = piece["name"].lower()
    return InvalidInputError(
        f"{operator}: at character {piece.start() + 1} of q {problem}. In quotes it is searched for as words.",
        code=code,
        field="q",
        operator=operator,
        position=piece.start(),
    )


Reader = Callable[[str], tuple[str, str]]
TIMES = frozenset({"since", "after", "until", "before"})
CHOICES = {"role": Role.values, "kind": ["memory", "code", "function", "class", "file"]}
READERS: dict[str, Reader] = {
    "lang": lambda value: ("language", LANGUAGES.get(value.lower(), value.lower())),
    "kind": _read_kind,
    "role": lambda value: ("role", value.lower() if value.lower() in Role.values else ""),
}
READERS["language"] = READERS["lang"]
