"""Tokens to trees: clauses. A construct that this grammar does not know is refused where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from graph.query.allowed import INSTEAD_OF_CLAUSES
from graph.query.expressions import ExpressionParser
from graph.query.language import Chain, Clause, Expression, Item, Match, Order, Projection, Query, Unwind, Variable
from graph.query.refusing import not_allowed, syntax_error, too_costly
from graph.query.tokens import TokenKind, tokenize

MOST_CLAUSES = 40
MOST_COLUMNS = 50
T = TypeVar("T")


def parse_query(text: str) -> Query:
    """Return the query of a text; raise an InvalidInputError that names what is not allowed, and where."""
    return _QueryParser(text, tokenize(text)).query()


class _QueryParser(ExpressionParser):
    def query(self) -> Query:
        parts = [self._part()]
        union_all = []
        while self.take_word("UNION"):
            union_all.append(self.take_word("ALL"))
            parts.append(self._part())
        self.take_sign(";")
        if self.token.kind is not TokenKind.END:
            raise self._unknown_clause()
        return Query(tuple(parts), tuple(union_all))

    def _part(self) -> tuple[Clause, ...]:
        clauses: list[Clause] = []
        while True:
            clause = self._clause()
            clauses.append(clause)
            if isinstance(clause, Projection) and clause.final:
                return tuple(clauses)
            if len(clauses) > MOST_CLAUSES:
                raise too_costly(f"The query has more than {MOST_CLAUSES} clauses.", self.token.at)

    def _clause(self) -> Clause:
        at = self.token.at
        if self.take_word("OPTIONAL"):
            self.expect_word("MATCH")
            return Match(self._chains(), self._where(), optional=True, at=at)
        if self.take_word("MATCH"):
            return Match(self._chains(), self._where(), at=at)
        if self.take_word("UNWIND"):
            source = self.expression()
            self.expect_word("AS")
            return Unwind(source, self.name("a variable"), at=at)
        if self.token.word in {"WITH", "RETURN"}:
            return self._projection()
        raise self._unknown_clause()

    def _unknown_clause(self) -> Exception:
        token = self.token
        if token.word in INSTEAD_OF_CLAUSES:
            return not_allowed(f"{token.word} is not allowed. {INSTEAD_OF_CLAUSES[token.word]}", token.at)
        if token.kind is TokenKind.END:
            return syntax_error("The query ends without RETURN.", token.at)
        known = "MATCH, OPTIONAL MATCH, UNWIND, WITH, RETURN or UNION"
        return syntax_error(f"Expected {known}, found {token.text[:40]!r}.", token.at)

    def _chains(self) -> tuple[Chain, ...]:
        if self.token.word in {"SHORTEST", "ANY", "ALL", "REPEATABLE", "DIFFERENT"} and not self.next_is_sign("="):
            raise not_allowed("Path selectors are not allowed: use shortestPath.", self.token.at)
        return self._separated(self.chain, most=20)

    def _where(self) -> Expression | None:
        return self.expression() if self.take_word("WHERE") else None

    def _projection(self) -> Projection:
        at, final = self.token.at, self.token.word == "RETURN"
        self.advance()
        distinct = self.take_word("DISTINCT")
        star = self.take_sign("*")
        items = self._separated(self._item, most=MOST_COLUMNS) if not star or self.take_sign(",") else ()
        order: tuple[Order, ...] = ()
        if self.take_word("ORDER"):
            self.expect_word("BY")
            order = self._separated(self._order, most=20)
        return Projection(
            items=items,
            final=final,
            star=star,
            distinct=distinct,
            order=order,
            skip=self.expression() if self.take_word("SKIP") else None,
            limit=self.expression() if self.take_word("LIMIT") else None,
            where=None if final else self._where(),
            at=at,
        )

    def _item(self) -> Item:
        first = self.token
        expression = self.expression()
        title = self.text[first.start : self.last.stop]
        if self.take_word("AS"):
            alias = self.name("a name")
            return Item(expression, alias, alias, at=first.at)
        if isinstance(expression, Variable):
            return Item(expression, expression.name, expression.name, at=first.at)
        return Item(expression, "", title, at=first.at)

    def _order(self) -> Order:
        at = self.token.at
        expression = self.expression()
        descending = self.take_word("DESC") or self.take_word("DESCENDING")
        if not descending and not self.take_word("ASC"):
            self.take_word("ASCENDING")
        return Order(expression, descending, at=at)

    def _separated(self, read: Callable[[], T], *, most: int) -> tuple[T, ...]:
        found = [read()]
        while self.take_sign(","):
            if len(found) == most:
                raise too_costly(f"At most {most} may stand here.", self.token.at)
            found.append(read())
        return tuple(found)
