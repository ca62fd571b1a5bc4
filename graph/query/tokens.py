"""Query text to tokens. Comments and white space end here; so does every escape that could hide a character."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from graph.query.refusing import Place, not_allowed, syntax_error, too_costly

MOST_TOKENS = 2_000
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|//[^\n]*|/\*.*?\*/)
    |(?P<number>(?:[0-9]+\.[0-9]+|\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_]))
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<quoted>`[^`]*`)
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<parameter>\$[A-Za-z][A-Za-z0-9_]{0,63}(?![A-Za-z0-9_]))
    |(?P<sign><>|<=|>=|=~|\.\.|\+=|->|<-|[-+*/%^=<>()\[\]{},.:;|!&?])""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPES = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class TokenKind(StrEnum):
    WORD = "word"
    QUOTED = "quoted"
    NUMBER = "number"
    TEXT = "text"
    PARAMETER = "parameter"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what the token means: a name without its backticks, a string without quotes and escapes."""

    kind: TokenKind
    text: str
    at: Place
    start: int
    stop: int

    @property
    def word(self) -> str:
        """The token as a keyword, in capitals; empty for what can be none."""
        return self.text.upper() if self.kind is TokenKind.WORD else ""


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a query, an END last. Takes time in proportion to the text."""
    tokens: list[Token] = []
    place, position = Place(1, 1), 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text[position], place)
        if match.lastgroup != "space":
            kind = TokenKind(str(match.lastgroup))
            tokens.append(Token(kind, _meaning(kind, match[0], place), place, position, match.end()))
        if len(tokens) > MOST_TOKENS:
            raise too_costly(f"The query has more than {MOST_TOKENS} words and signs.", place)
        place, position = _advance(place, match[0]), match.end()
    return [*tokens, Token(TokenKind.END, "the end of the query", place, position, position)]


def _advance(place: Place, passed: str) -> Place:
    lines = passed.count("\n")
    if not lines:
        return Place(place.line, place.column + len(passed))
    return Place(place.line + lines, len(passed) - passed.rindex("\n"))


def _meaning(kind: TokenKind, raw: str, at: Place) -> str:
    if kind is TokenKind.TEXT:
        return _ESCAPE.sub(lambda found: _unescape(found[1], at), raw[1:-1])
    if kind is TokenKind.QUOTED:
        if not NAME.fullmatch(raw[1:-1]):
            raise not_allowed("A name in backticks may hold letters, digits and _ only.", at)
        return raw[1:-1]
    return raw[1:] if kind is TokenKind.PARAMETER else raw


def _unescape(letter: str, at: Place) -> str:
    if letter not in _ESCAPES:
        raise not_allowed(f"The escape \\{letter} is not allowed: write the character itself.", at)
    return _ESCAPES[letter]


def _unreadable(letter: str, at: Place) -> Exception:
    if letter in "'\"`":
        return syntax_error(f"What begins with {letter} here does not end.", at)
    if letter == "\\":
        return not_allowed("Escapes outside strings are not allowed: write the character itself.", at)
    if letter == "$":
        return not_allowed("A parameter is $ and a name of letters, digits and _.", at)
    return syntax_error(f"{letter!r} has no meaning here.", at)
