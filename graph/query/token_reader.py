"""Reading tokens one by one, with the errors that all of the grammar shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from graph.query.allowed import KEYWORDS
from graph.query.refusing import not_allowed, syntax_error, too_costly
from graph.query.tokens import NAME, Token, TokenKind

MOST_DEPTH = 24


class TokenReader:
    """A place in a list of tokens; `token` is the next one, `last` the one before it."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    @property
    def token(self) -> Token:
        return self._tokens[self._position]

    @property
    def last(self) -> Token:
        return self._tokens[self._position - 1]

    def ahead(self, steps: int) -> Token:
        """Return a later token, the END when there are fewer."""
        return self._tokens[min(self._position + steps, len(self._tokens) - 1)]

    @property
    def position(self) -> int:
        return self._position

    def go_back(self, position: int) -> None:
        """Read again from a position that was passed."""
        self._position = position

    def advance(self) -> Token:
        """Return the next token and pass it. The END is never passed."""
        token = self.token
        if token.kind is not TokenKind.END:
            self._position += 1
        return token

    def is_sign(self, sign: str) -> bool:
        return self.token.kind is TokenKind.SIGN and self.token.text == sign

    def next_is_sign(self, sign: str) -> bool:
        return self.ahead(1).kind is TokenKind.SIGN and self.ahead(1).text == sign

    def take_sign(self, sign: str) -> bool:
        """Pass a sign if it comes next, and tell whether it did."""
        found = self.is_sign(sign)
        if found:
            self.advance()
        return found

    def expect_sign(self, sign: str) -> None:
        if not self.take_sign(sign):
            raise self.unexpected(sign)

    def take_word(self, word: str) -> bool:
        """Pass a keyword if it comes next, and tell whether it did."""
        found = self.token.word == word
        if found:
            self.advance()
        return found

    def expect_word(self, word: str) -> None:
        if not self.take_word(word):
            raise self.unexpected(word)

    def name(self, what: str) -> str:
        """Return a name that the query gives to something."""
        token = self.token
        if token.kind not in {TokenKind.WORD, TokenKind.QUOTED}:
            raise self.unexpected(what)
        if token.word in KEYWORDS:
            raise syntax_error(
                f"{token.text} is a word of Cypher: put it in backticks to use it as {what}.", token.at
            )
        if not NAME.fullmatch(token.text):
            raise not_allowed("A name begins with a letter and has at most 64 letters, digits and _.", token.at)
        return self.advance().text

    def key(self, what: str) -> str:
        """Return the name of a property, which may be a word of Cypher too."""
        if self.token.word in KEYWORDS and NAME.fullmatch(self.token.text):
            return self.advance().text
        return self.name(what)

    def unexpected(self, wanted: str) -> Exception:
        """Return the error for a token that does not fit."""
        return syntax_error(f"Expected {wanted}, found {self.token.text[:40]!r}.", self.token.at)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count a level of nesting, so that no query can exhaust the stack."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise too_costly(f"The query nests deeper than {MOST_DEPTH} levels.", self.token.at)
        try:
            yield
        finally:
            self._depth -= 1
