"""Trees to text for one store. Texts become parameters; every operation stands in brackets; names in backticks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graph.query.allowed import FUNCTIONS
from graph.query.connecting import find_starts
from graph.query.guarding import LABELS, PROJECTS
from graph.query.language import (
    Binary,
    Call,
    Case,
    Chain,
    Clause,
    Direction,
    EdgePattern,
    Expression,
    HasLabel,
    IsHome,
    Item,
    ListComprehension,
    ListOf,
    Literal,
    MapOf,
    Match,
    NodePattern,
    Parameter,
    PatternList,
    Projection,
    Property,
    Quantifier,
    Query,
    ShortestPath,
    Slice,
    Subscript,
    Unary,
    Unwind,
    Variable,
)
from graph.store.asking import Question

_ARROWS = {Direction.RIGHT: ("-", "->"), Direction.LEFT: ("<-", "-"), Direction.EITHER: ("-", "-")}
_INTERNAL = {PROJECTS, LABELS}


def write_query(
    query: Query, *, home: str, workspace_label: bool, parameters: Mapping[str, Any], internal: Mapping[str, Any]
) -> Question:
    """Return the query as text. Every node pattern bears the label `home`.

    With `workspace_label`, `home` is a label that nodes of other workspaces lack, and the store is told to begin
    there; otherwise the graph holds one workspace only.
    """
    writer = _Writer(home, workspace_label=workspace_label)
    parts = [writer.part(part) for part in query.parts]
    joins = ["UNION ALL" if keeps else "UNION" for keeps in query.union_all]
    text = "\n".join([parts[0], *(f"{join}\n{part}" for join, part in zip(joins, parts[1:], strict=True))])
    given = {f"u_{name}": value for name, value in parameters.items()}
    return Question(text, {**given, **internal, **writer.values})


class _Writer:
    def __init__(self, home: str, *, workspace_label: bool) -> None:
        self._home = home
        self._workspace_label = workspace_label
        self._bound: set[str] = set()
        self.values: dict[str, Any] = {}

    def part(self, part: Iterable[Clause]) -> str:
        """Return one part of a query, a line for each clause."""
        self._bound = set()
        return "\n".join(self._clause(clause) for clause in part)

    def _clause(self, clause: Clause) -> str:
        if isinstance(clause, Match):
            return self._match(clause)
        if isinstance(clause, Unwind):
            self._bound.add(clause.variable)
            return f"UNWIND {self.text(clause.source)} AS `{clause.variable}`"
        self._bound = {item.alias for item in clause.items}
        return self._projection(clause)

    def _match(self, match: Match) -> str:
        words = "OPTIONAL MATCH" if match.optional else "MATCH"
        hints = "".join(f" USING SCAN `{name}`:`{self._home}`" for name in self._starts(match))
        chains = ", ".join(self._chain(chain) for chain in match.chains)
        self._bound |= {node.variable for chain in match.chains for node in chain.nodes}
        return f"{words} {chains}{hints} WHERE {self._tests(match.chains, match.where)}"

    def _tests(self, chains: Iterable[Chain], where: Expression | None) -> str:
        """Return a pattern's conditions, with the labels that the pattern itself does not bear."""
        tests = [self.text(where)] if where is not None else []
        nodes = (node for chain in chains for node in chain.nodes)
        tests += [_test_label(node.variable, label) for node in nodes for label in node.labels]
        return " AND ".join(tests) or "true"

    def _starts(self, match: Match) -> list[str]:
        """Return where the store is to begin, so that it does not walk over other workspaces' nodes."""
        if not self._workspace_label:
            return []
        nodes = (node for chain in match.chains for node in chain.nodes)
        by_uid = {node.variable for node in nodes if _has_uid(node)}
        return find_starts(match.chains, bound=self._bound | by_uid)

    def _projection(self, projection: Projection) -> str:
        words = ["RETURN" if projection.final else "WITH"]
        if projection.distinct:
            words.append("DISTINCT")
        words.append(", ".join(self._item(item) for item in projection.items))
        if projection.order:
            orders = (f"{self.text(each.expression)}{' DESC' * each.descending}" for each in projection.order)
            words.append(f"ORDER BY {', '.join(orders)}")
        for word, value in (("SKIP", projection.skip), ("LIMIT", projection.limit), ("WHERE", projection.where)):
            if value is not None:
                words.append(f"{word} {self.text(value)}")
        return " ".join(words)

    def _item(self, item: Item) -> str:
        return f"{self.text(item.expression)} AS `{item.alias}`"

    def _chain(self, chain: Chain) -> str:
        parts = [self._node(chain.nodes[0])]
        for edge, node in zip(chain.edges, chain.nodes[1:], strict=True):
            parts += [self._edge(edge), self._node(node)]
        named = f"`{chain.variable}` = " if chain.variable else ""
        return named + "".join(parts)

    def _node(self, node: NodePattern) -> str:
        labels = self._labels(node)
        properties = self._map(node.properties)
        if self._workspace_label and _has_uid(node):
            labels.append("Entity")
            properties = f"workspace: $_workspace, {properties}"
        named = f"`{node.variable}`" + "".join(f":`{label}`" for label in labels)
        return f"({named} {{{properties}}})" if properties else f"({named})"

    def _labels(self, node: NodePattern) -> list[str]:
        """Return the labels that the pattern bears, one at most for a variable; all others are tested.

        Where workspaces share a graph it is the workspace's: the store has nothing else to begin a scan with.
        Elsewhere two labels would do, but FalkorDB ends its process on some paths between nodes of two labels.
        """
        if self._workspace_label:
            return [self._home]
        if node.variable in self._bound:
            return []
        self._bound.add(node.variable)
        return [self._home if _has_uid(node) or not node.labels else node.labels[0]]

    def _edge(self, edge: EdgePattern) -> str:
        left, right = _ARROWS[edge.direction]
        inside = f"`{edge.variable}`" if edge.variable else ""
        if edge.types:
            inside += ":" + "|".join(f"`{kind}`" for kind in edge.types)
        if edge.hops:
            inside += f"*{edge.hops[0]}..{edge.hops[1]}"
        if edge.properties:
            inside += f" {{{self._map(edge.properties)}}}"
        return f"{left}[{inside}]{right}"

    def _map(self, items: Iterable[tuple[str, Expression]]) -> str:
        return ", ".join(f"`{name}`: {self.text(value)}" for name, value in items)

    def text(self, tree: Expression) -> str:  # noqa: C901  (one line for each form of the language)
        """Return an expression's text."""
        match tree:
            case Literal(value):
                return self._literal(value)
            case Parameter(name):
                return f"${name}" if name in _INTERNAL else f"$u_{name}"
            case Variable(name):
                return f"`{name}`"
            case Property(subject, name):
                return f"{self.text(subject)}.`{name}`"
            case Subscript(subject, index):
                return f"{self.text(subject)}[{self.text(index)}]"
            case Slice(subject, start, stop):
                return f"{self.text(subject)}[{self._perhaps(start)}..{self._perhaps(stop)}]"
            case ListOf(items):
                return f"[{self._listed(items)}]"
            case MapOf(items):
                return f"{{{self._map(items)}}}"
            case Unary("IS NULL" | "IS NOT NULL" as operator, operand):
                return f"({self.text(operand)} {operator})"
            case Unary(operator, operand):
                return f"({operator} {self.text(operand)})"
            case Binary(operator, left, right):
                return f"({self.text(left)} {operator} {self.text(right)})"
            case HasLabel(variable, label):
                return _test_label(variable.name, label)
            case IsHome(variable):
                return f"(`{variable.name}`:`{self._home}`)" if self._workspace_label else "true"
            case Call(name, arguments, distinct):
                inside = self._listed(arguments) if arguments else "*"
                return f"{FUNCTIONS[name][0]}({'DISTINCT ' * distinct}{inside})"
            case Case():
                return self._case(tree)
            case ListComprehension(variable, source, where, body):
                tail = f" WHERE {self.text(where)}" if where is not None else ""
                tail += f" | {self.text(body)}" if body is not None else ""
                return f"[`{variable}` IN {self.text(source)}{tail}]"
            case Quantifier(name, variable, source, where):
                return f"{name}(`{variable}` IN {self.text(source)} WHERE {self.text(where)})"
            case PatternList(chain, where, body):
                outer, self._bound = self._bound, {*self._bound}
                pattern = self._chain(chain)
                self._bound = outer
                return f"[{pattern} WHERE {self._tests((chain,), where)} | {self.text(body)}]"
            case ShortestPath(chain):
                ends = [f"(`{node.variable}`)" for node in chain.nodes]
                return f"shortestPath({ends[0]}{self._edge(chain.edges[0])}{ends[1]})"

    def _case(self, tree: Case) -> str:
        words = ["CASE"] if tree.subject is None else [f"CASE {self.text(tree.subject)}"]
        words += [f"WHEN {self.text(condition)} THEN {self.text(value)}" for condition, value in tree.branches]
        if tree.otherwise is not None:
            words.append(f"ELSE {self.text(tree.otherwise)}")
        return f"({' '.join(words)} END)"

    def _literal(self, value: str | float | bool | None) -> str:
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        name = f"t{len(self.values)}"
        self.values[name] = value
        return f"${name}"

    def _perhaps(self, tree: Expression | None) -> str:
        return "" if tree is None else self.text(tree)

    def _listed(self, items: Iterable[Expression]) -> str:
        return ", ".join(self.text(item) for item in items)


def _test_label(variable: str, label: str) -> str:
    return f"('{label}' IN labels(`{variable}`))"


def _has_uid(node: NodePattern) -> bool:
    return any(name == "uid" for name, _ in node.properties)
