"""Tokens to trees: patterns of nodes and relationships, with labels and types of the graph's vocabulary only."""

from __future__ import annotations

from abc import abstractmethod

from graph.query.allowed import LABELS, MOST_HOPS, TYPES
from graph.query.language import (
    Binary,
    Chain,
    Direction,
    EdgePattern,
    Expression,
    HasLabel,
    Literal,
    NodePattern,
    Parameter,
    Unary,
    Variable,
)
from graph.query.refusing import not_allowed, too_costly, unknown_name
from graph.query.token_reader import TokenReader
from graph.query.tokens import TokenKind

MOST_EDGES = 8
_BEHIND_TYPES = "A relationship's types are names joined by |."
_QUANTIFIED = f"Quantified patterns are not allowed: write -[:CALLS*1..{MOST_HOPS}]->."


class PatternParser(TokenReader):
    """Parses patterns. What has no name gets one with a leading _, which queries cannot use."""

    _made = 0

    @abstractmethod
    def expression(self) -> Expression:
        """Return the expression that comes next."""

    def fresh(self, letter: str) -> str:
        """Return a name that no query can use."""
        self._made += 1
        return f"_{letter}{self._made}"

    def chain(self) -> Chain:
        """Return one pattern, perhaps with a path's name."""
        at, variable = self.token.at, None
        if self.next_is_sign("="):
            variable = self.name("a path")
            self.expect_sign("=")
        if self.token.word == "SHORTESTPATH":
            self.advance()
            self.expect_sign("(")
            chain = self._nodes_and_edges(variable or self.fresh("p"), shortest=True)
            self.expect_sign(")")
            return chain
        if self.token.word == "ALLSHORTESTPATHS":
            raise not_allowed("allShortestPaths is not allowed: use shortestPath.", at)
        return self._nodes_and_edges(variable, shortest=False)

    def _nodes_and_edges(self, variable: str | None, *, shortest: bool) -> Chain:
        at = self.token.at
        nodes = [self._node()]
        edges: list[EdgePattern] = []
        while self.is_sign("-") or self.is_sign("<-"):
            if len(edges) == MOST_EDGES:
                raise too_costly(f"A pattern has at most {MOST_EDGES} relationships.", self.token.at)
            edges.append(self._edge())
            nodes.append(self._node())
        if self.is_sign("{") or self.is_sign("+") or self.is_sign("*"):
            raise not_allowed(_QUANTIFIED, self.token.at)
        return Chain(variable, tuple(nodes), tuple(edges), shortest, at=at)

    def _node(self) -> NodePattern:
        at = self.token.at
        self.expect_sign("(")
        if self.is_sign("("):
            raise not_allowed(_QUANTIFIED, self.token.at)
        named = self.token.kind in {TokenKind.WORD, TokenKind.QUOTED} and self.token.word not in {"WHERE", "IS"}
        variable = Variable(self.name("a node") if named else self.fresh("n"), at=at)
        test = self._labels(variable) if self._takes_labels() else None
        properties = self._properties()
        if self.take_word("WHERE"):
            test = _both(test, self.expression())
        self.expect_sign(")")
        labels = _plain_labels(test)
        where = test if labels is None else None
        return NodePattern(variable.name, labels or (), properties, where, at=at)

    def _takes_labels(self) -> bool:
        return self.take_sign(":") or self.take_word("IS")

    def _labels(self, variable: Variable) -> Expression:
        """Return what a label expression (`A:B`, `A|B`, `!A`, `%`) says of a node, as a condition."""
        found = self._label_terms(variable)
        while self.take_sign("|"):
            self.take_sign(":")
            found = Binary("OR", found, self._label_terms(variable), at=found.at)
        return found

    def _label_terms(self, variable: Variable) -> Expression:
        found = self._label(variable)
        while self.take_sign("&") or self.take_sign(":"):
            found = Binary("AND", found, self._label(variable), at=found.at)
        return found

    def _label(self, variable: Variable) -> Expression:
        at = self.token.at
        with self.nested():
            if self.take_sign("!"):
                return Unary("NOT", self._label(variable), at=at)
            if self.take_sign("%"):
                return Literal(value=True, at=at)
            if self.take_sign("("):
                inner = self._labels(variable)
                self.expect_sign(")")
                return inner
            if self.token.kind is TokenKind.PARAMETER:
                raise not_allowed("A label cannot be a parameter.", at)
            return HasLabel(variable, self._known(LABELS, "label"), at=at)

    def _known(self, names: frozenset[str], what: str) -> str:
        at, name = self.token.at, self.key(f"a {what}")
        if name not in names:
            raise unknown_name(f"There is no {what} {name}; there are {', '.join(sorted(names))}.", at)
        return name

    def _edge(self) -> EdgePattern:
        at = self.token.at
        to_left = self.advance().text == "<-"
        variable: str | None = None
        types: tuple[str, ...] = ()
        hops: tuple[int, int] | None = None
        properties: tuple[tuple[str, Expression], ...] = ()
        if self.take_sign("["):
            if self.token.kind in {TokenKind.WORD, TokenKind.QUOTED}:
                variable = self.name("a relationship")
            types = self._types() if self.take_sign(":") else ()
            hops = self._hops() if self.take_sign("*") else None
            properties = self._properties()
            if self.token.word == "WHERE":
                raise not_allowed("Put the WHERE of a relationship behind the pattern.", self.token.at)
            self.expect_sign("]")
        to_right = self._edge_end()
        if hops and variable:
            raise not_allowed("Name the path instead: MATCH p = …, then relationships(p).", at)
        direction = {(True, False): Direction.LEFT, (False, True): Direction.RIGHT}.get(
            (to_left, to_right), Direction.EITHER
        )
        return EdgePattern(variable, types, direction, hops, properties, at=at)

    def _edge_end(self) -> bool:
        """Pass the end of a relationship; tell whether it points to the right."""
        if self.take_sign("->"):
            to_right = True
        else:
            self.expect_sign("-")
            to_right = False
        if self.is_sign("{") or self.is_sign("+") or self.is_sign("*"):
            raise not_allowed(_QUANTIFIED, self.token.at)
        return to_right

    def _types(self) -> tuple[str, ...]:
        if self.token.kind is TokenKind.PARAMETER:
            raise not_allowed("A type cannot be a parameter.", self.token.at)
        types = [self._known(TYPES, "type")] if not self._is_type_operator() else []
        while self.take_sign("|"):
            self.take_sign(":")
            types.append(self._known(TYPES, "type"))
        if self._is_type_operator():
            raise not_allowed(_BEHIND_TYPES, self.token.at)
        return tuple(types)

    def _is_type_operator(self) -> bool:
        return any(self.is_sign(sign) for sign in ("!", "%", "&", "("))

    def _hops(self) -> tuple[int, int]:
        at = self.token.at
        least = most = self._number()
        if self.take_sign(".."):
            most = self._number()
        if most is None or not 1 <= most <= MOST_HOPS or (least or 0) > most:
            raise too_costly(f"Say how far the path goes, at most {MOST_HOPS}: *1..{MOST_HOPS}.", at)
        return (1 if least is None else least, most)

    def _number(self) -> int | None:
        if self.token.kind is not TokenKind.NUMBER:
            return None
        token = self.advance()
        if not token.text.isdecimal() or len(token.text) > 3:
            raise not_allowed("A length is a whole number.", token.at)
        return int(token.text)

    def _properties(self) -> tuple[tuple[str, Expression], ...]:
        """Return a pattern's map. Its values are literals and parameters: what is computed belongs into WHERE."""
        if self.token.kind is TokenKind.PARAMETER:
            raise not_allowed("Name the properties: {uid: $uid}.", self.token.at)
        if not self.take_sign("{"):
            return ()
        found: list[tuple[str, Expression]] = []
        while not self.take_sign("}"):
            if found:
                self.expect_sign(",")
            name = self.key("a property")
            self.expect_sign(":")
            value = self.expression()
            if not isinstance(value, Literal | Parameter):
                raise not_allowed("A pattern's map holds literals and parameters: use WHERE.", value.at)
            found.append((name, value))
        return tuple(found)


def _both(left: Expression | None, right: Expression) -> Expression:
    return right if left is None else Binary("AND", left, right, at=right.at)


def _plain_labels(test: Expression | None) -> tuple[str, ...] | None:
    """Return the labels of a test that only demands labels, None of any other."""
    if test is None:
        return ()
    if isinstance(test, HasLabel):
        return (test.label,)
    if isinstance(test, Binary) and test.operator == "AND":
        left, right = _plain_labels(test.left), _plain_labels(test.right)
        return left + right if left is not None and right is not None else None
    return None
