"""Tokens to trees: expressions, by precedence climbing."""

from __future__ import annotations

from graph.query.allowed import FUNCTIONS, INSTEAD_OF_FUNCTIONS, INTERNAL_PROPERTIES, KEYWORDS
from graph.query.language import (
    Binary,
    Call,
    Case,
    Chain,
    Expression,
    ListComprehension,
    ListOf,
    Literal,
    MapOf,
    Parameter,
    PatternList,
    Property,
    Quantifier,
    Slice,
    Subscript,
    Unary,
    Variable,
)
from graph.query.patterns import PatternParser
from graph.query.refusing import Place, not_allowed, syntax_error, too_costly
from graph.query.tokens import TokenKind

MOST_OPERATORS = 150
_LEVELS = ({"OR"}, {"XOR"}, {"AND"})
_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_ARITHMETIC = (frozenset("+-"), frozenset("*/%"), frozenset("^"))
_CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}
_QUANTIFIERS = frozenset({"ANY", "ALL", "NONE", "SINGLE"})


class ExpressionParser(PatternParser):
    """Parses expressions and, inside them, patterns."""

    _operators = 0

    def expression(self) -> Expression:
        """Return the expression that comes next."""
        with self.nested():
            return self._logical(0)

    def _logical(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self._negation()
        left = self._logical(level + 1)
        while self.token.word in _LEVELS[level]:
            operator = self.advance()
            left = self._join(operator.word, left, self._logical(level + 1))
        return left

    def _negation(self) -> Expression:
        at = self.token.at
        if not self.take_word("NOT"):
            return self._comparison()
        with self.nested():
            return Unary("NOT", self._negation(), at=at)

    def _comparison(self) -> Expression:
        """Return a comparison; `a < b < c` means `a < b AND b < c`."""
        left = self._predicate()
        found: Expression | None = None
        while self.token.kind is TokenKind.SIGN and self.token.text in _COMPARISONS:
            operator = self.advance().text
            right = self._predicate()
            compared = self._join(operator, left, right)
            found = compared if found is None else self._join("AND", found, compared)
            left = right
        if self.is_sign("=~"):
            raise not_allowed("=~ is not allowed: use CONTAINS, STARTS WITH or ENDS WITH.", self.token.at)
        return left if found is None else found

    def _predicate(self) -> Expression:
        left = self._arithmetic(0)
        while (operator := self.token.word) in {"IN", "CONTAINS", "STARTS", "ENDS", "IS"}:
            self.advance()
            if operator == "IS":
                negated = self.take_word("NOT")
                self.expect_word("NULL")
                left = self._count(Unary("IS NOT NULL" if negated else "IS NULL", left, at=left.at))
                continue
            if operator in {"STARTS", "ENDS"}:
                self.expect_word("WITH")
                operator += " WITH"
            left = self._join(operator, left, self._arithmetic(0))
        return left

    def _arithmetic(self, level: int) -> Expression:
        if level == len(_ARITHMETIC):
            return self._signed()
        left = self._arithmetic(level + 1)
        while self.token.kind is TokenKind.SIGN and self.token.text in _ARITHMETIC[level]:
            operator = self.advance().text
            left = self._join(operator, left, self._arithmetic(level + 1))
        return left

    def _signed(self) -> Expression:
        at = self.token.at
        if self.take_sign("+"):
            return self._signed_operand()
        if not self.take_sign("-"):
            return self._postfix()
        operand = self._signed_operand()
        if isinstance(operand, Literal) and isinstance(operand.value, int | float):
            return Literal(-operand.value, at=at)
        return Unary("-", operand, at=at)

    def _signed_operand(self) -> Expression:
        with self.nested():
            return self._signed()

    def _postfix(self) -> Expression:
        value = self._atom()
        while True:
            if self.take_sign("."):
                value = self._property(value)
            elif self.take_sign("["):
                value = self._count(self._subscript(value))
            elif self.is_sign("{") and isinstance(value, Variable):
                value = self._map_projection(value)
            elif self.is_sign(":") and isinstance(value, Variable):
                self.advance()
                value = self._labels(value)
            else:
                return value

    def _property(self, subject: Expression) -> Expression:
        at, name = self.token.at, self.key("a property")
        if self.is_sign("("):
            raise not_allowed(f"The function {name} with a namespace is not allowed.", at)
        if name in INTERNAL_PROPERTIES:
            raise not_allowed(f"The property {name} is internal.", at)
        return self._count(Property(subject, name, at=at))

    def _subscript(self, subject: Expression) -> Expression:
        at = self.token.at
        start = None if self.is_sign("..") else self.expression()
        if self.take_sign(".."):
            stop = None if self.is_sign("]") else self.expression()
            self.expect_sign("]")
            return Slice(subject, start, stop, at=at)
        self.expect_sign("]")
        if start is None:
            raise self.unexpected("an index")
        return Subscript(subject, start, at=at)

    def _map_projection(self, subject: Variable) -> Expression:
        at = self.advance().at
        items: list[tuple[str, Expression]] = []
        while not self.take_sign("}"):
            if items:
                self.expect_sign(",")
            if self.take_sign("."):
                if self.is_sign("*"):
                    raise not_allowed("Name the properties: n {.name, .path}.", self.token.at)
                found = self._property(subject)
                items.append((found.name if isinstance(found, Property) else "", found))
            else:
                items.append(self._entry(may_be_variable=True))
        return MapOf(tuple(items), at=at)

    def _entry(self, *, may_be_variable: bool = False) -> tuple[str, Expression]:
        at, name = self.token.at, self.key("a key")
        if may_be_variable and not self.is_sign(":"):
            return name, Variable(name, at=at)
        self.expect_sign(":")
        return name, self.expression()

    def _atom(self) -> Expression:
        token = self.token
        if token.kind is TokenKind.NUMBER:
            return Literal(_number(self.advance().text, token.at), at=token.at)
        if token.kind is TokenKind.TEXT:
            return Literal(self.advance().text, at=token.at)
        if token.kind is TokenKind.PARAMETER:
            return Parameter(self.advance().text, at=token.at)
        if token.kind is TokenKind.SIGN:
            return self._bracketed()
        if token.kind is TokenKind.WORD and (found := self._worded()) is not None:
            return found
        return Variable(self.name("a value"), at=token.at)

    def _bracketed(self) -> Expression:
        at = self.token.at
        if self.is_sign("("):
            if self._is_pattern():
                return self._exists(self.chain(), None)
            self.advance()
            inner = self.expression()
            self.expect_sign(")")
            return inner
        if self.take_sign("["):
            return self._list()
        if self.take_sign("{"):
            items: list[tuple[str, Expression]] = []
            while not self.take_sign("}"):
                if items:
                    self.expect_sign(",")
                items.append(self._entry())
            return MapOf(tuple(items), at=at)
        raise self.unexpected("a value")

    def _is_pattern(self) -> bool:
        """Tell whether the bracket that comes next is the first node of a pattern."""
        depth, steps = 0, 0
        while (token := self.ahead(steps)).kind is not TokenKind.END:
            if token.kind is TokenKind.SIGN:
                depth += {"(": 1, ")": -1}.get(token.text, 0)
            steps += 1
            if depth == 0:
                break
        signs = [self.ahead(steps + more) for more in range(3)]
        texts = [token.text if token.kind is TokenKind.SIGN else "" for token in signs]
        if texts[0] == "<-":
            return texts[1] in {"[", "-", "->"}
        return texts[0] == "-" and (texts[1] in {"[", "->"} or texts[1:] == ["-", "("])

    def _list(self) -> Expression:
        at = self.last.at
        if self._is_pattern() or (self.next_is_sign("=") and self.ahead(2).text == "("):
            chain = self.chain()
            where = self.expression() if self.take_word("WHERE") else None
            self.expect_sign("|")
            body = self.expression()
            self.expect_sign("]")
            return PatternList(chain, where, body, at=at)
        if self.ahead(1).word == "IN" and self.token.kind in {TokenKind.WORD, TokenKind.QUOTED}:
            return self._comprehension()
        items: list[Expression] = []
        while not self.take_sign("]"):
            if items:
                self.expect_sign(",")
            items.append(self.expression())
        return ListOf(tuple(items), at=at)

    def _comprehension(self) -> Expression:
        at, variable = self.token.at, self.name("a variable")
        self.expect_word("IN")
        source = self.expression()
        where = self.expression() if self.take_word("WHERE") else None
        body = self.expression() if self.take_sign("|") else None
        self.expect_sign("]")
        return ListComprehension(variable, source, where, body, at=at)

    def _worded(self) -> Expression | None:
        """Return what begins with a keyword or a function's name; None if it is a variable."""
        at, word = self.token.at, self.token.word
        if word in _CONSTANTS:
            self.advance()
            return Literal(_CONSTANTS[word], at=at)
        if word == "CASE":
            return self._case()
        if word in {"EXISTS", "COUNT", "COLLECT"} and self.next_is_sign("{"):
            return self._subquery(word)
        if word == "EXISTS" and self.next_is_sign("("):
            self.advance()
            if not self.next_is_sign("("):
                raise not_allowed(INSTEAD_OF_FUNCTIONS["exists"], at)
            self.expect_sign("(")
            found = self._exists(self.chain(), None)
            self.expect_sign(")")
            return found
        if word in _QUANTIFIERS and self.next_is_sign("("):
            return self._quantifier()
        return self._call() if self.next_is_sign("(") and word not in KEYWORDS else None

    def _case(self) -> Expression:
        at = self.advance().at
        subject = None if self.token.word == "WHEN" else self.expression()
        branches: list[tuple[Expression, Expression]] = []
        while self.take_word("WHEN"):
            condition = self.expression()
            self.expect_word("THEN")
            branches.append((condition, self.expression()))
        if not branches:
            raise self.unexpected("WHEN")
        otherwise = self.expression() if self.take_word("ELSE") else None
        self.expect_word("END")
        return Case(subject, tuple(branches), otherwise, at=at)

    def _subquery(self, word: str) -> Expression:
        at = self.advance().at
        if word == "COLLECT":
            raise not_allowed("COLLECT { } is not allowed: write [(a)-->(b) | b.name].", at)
        self.expect_sign("{")
        self.take_word("MATCH")
        chain = self.chain()
        where = self.expression() if self.take_word("WHERE") else None
        if not self.take_sign("}"):
            raise not_allowed(f"{word} {{ }} holds one pattern and a WHERE.", self.token.at)
        counted = self._exists(chain, where)
        return counted if word == "EXISTS" or not isinstance(counted, Binary) else counted.left

    def _exists(self, chain: Chain, where: Expression | None) -> Expression:
        found = PatternList(chain, where, Literal(1), at=chain.at)
        return Binary(">", Call("size", (found,), at=found.at), Literal(0), at=found.at)

    def _quantifier(self) -> Expression:
        at, name = self.token.at, self.advance().word.lower()
        self.expect_sign("(")
        variable = self.name("a variable")
        self.expect_word("IN")
        source = self.expression()
        self.expect_word("WHERE")
        where = self.expression()
        self.expect_sign(")")
        return Quantifier(name, variable, source, where, at=at)

    def _call(self) -> Expression:
        token = self.advance()
        name = token.text.lower()
        if name not in FUNCTIONS:
            instead = INSTEAD_OF_FUNCTIONS.get(name, f"Allowed are {', '.join(sorted(_shown_functions()))}.")
            raise not_allowed(f"The function {token.text[:64]} is not allowed. {instead}", token.at)
        self.expect_sign("(")
        if name == "count" and self.take_sign("*"):
            self.expect_sign(")")
            return Call("count", (), at=token.at)
        distinct = self.take_word("DISTINCT")
        arguments: list[Expression] = []
        while not self.take_sign(")"):
            if arguments:
                self.expect_sign(",")
            arguments.append(self.expression())
        shown, least, most = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise syntax_error(f"{shown} takes {wanted} argument(s), not {len(arguments)}.", token.at)
        return Call(name, tuple(arguments), distinct, at=token.at)

    def _join(self, operator: str, left: Expression, right: Expression) -> Expression:
        return self._count(Binary(operator, left, right, at=left.at))

    def _count(self, made: Expression) -> Expression:
        """Count operators: chains of them nest as deep as they are long."""
        self._operators += 1
        if self._operators > MOST_OPERATORS:
            raise too_costly(f"The query has more than {MOST_OPERATORS} operators: use IN and a list.", made.at)
        return made


def _shown_functions() -> list[str]:
    return [shown for shown, _, _ in FUNCTIONS.values()]


def _number(text: str, at: Place) -> int | float:
    if text.isdecimal():
        value = int(text) if len(text) < 20 else 2**63
        if value >= 2**63:
            raise syntax_error("A whole number has at most 63 bits.", at)
        return value
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise syntax_error("This number is too large.", at)
    return number
