"""Random queries over the graph's vocabulary: all try to see everything, most are such as the guard lets pass."""

from __future__ import annotations

import random

from graph.elements import EdgeType, NodeLabel

LABELS = [label.value for label in NodeLabel]
TYPES = [kind.value for kind in EdgeType]
PROPERTIES = [
    "name",
    "qualifiedName",
    "kind",
    "path",
    "uid",
    "project",
    "startLine",
    "language",
    "nothing",
    "session",
]
TEXTS = ["'CANAR'", "'load'", "'main'", "'src/'", "'a'", "''", "$text", "'memory-2'", "'function'", "'lib.py'"]
NAMES = ["'load'", "'main'", "'lib.py'", "'Tuesday'", "'load is slow'", "'CANARY'", "'CANARY_load'"]


class QueryMaker:
    """Makes one query after another; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (repeatable, and nothing secret)
        self._nodes: list[str] = []
        self._edges: list[str] = []
        self._paths: list[str] = []
        self._values: list[str] = []
        self._made = 0

    def make(self) -> str:
        """Return a query; the answers of any two of its runs are equal as sets."""
        parts = [self._part() for _ in range(2 if self._chance(0.1) else 1)]
        return " UNION ".join(parts)

    def _part(self) -> str:
        self._nodes, self._edges, self._paths, self._values, self._made = [], [], [], [], 0
        clauses = [self._match()]
        for _ in range(self._random.randint(0, 2)):
            step = self._random.choice([self._match, self._optional, self._with, self._unwind, self._group])
            clauses.append(step())
        return " ".join([*clauses, self._return()])

    def _match(self) -> str:
        if self._chance(0.06):
            return self._shortest()
        chains = [self._chain() for _ in range(2 if self._chance(0.15) else 1)]
        return f"MATCH {', '.join(chains)}{self._where()}"

    def _optional(self) -> str:
        return f"OPTIONAL MATCH {self._chain(start=True)}{self._where(share=0.3)}"

    def _shortest(self) -> str:
        first, last, path = self._name("n"), self._name("n"), self._name("p")
        ends = [f"({name} {{name: {self._text(NAMES)}}})" for name in (first, last)]
        types = "|".join(self._random.sample(TYPES[:6], 3))
        self._nodes += [first, last]
        self._paths.append(path)
        return f"MATCH {path} = shortestPath({ends[0]}-[:{types}*..4]->{ends[1]}){self._where(share=0.3)}"

    def _chain(self, *, start: bool = False) -> str:
        known = self._nodes and (start or self._chance(0.8))
        parts = [self._known_node() if known else self._node()]
        has_hops = False
        for _ in range(self._random.choice([0, 1, 1, 1, 2]) or (1 if known else 0)):
            hops = self._chance(0.25) and not has_hops
            has_hops = has_hops or hops
            parts += [self._edge(hops=hops), self._node()]
        if self._chance(0.25):
            self._paths.append(path := self._name("p"))
            return f"{path} = {''.join(parts)}"
        return "".join(parts)

    def _known_node(self) -> str:
        return f"({self._random.choice(self._nodes)}{self._labels() if self._chance(0.3) else ''})"

    def _node(self) -> str:
        name = ""
        if self._chance(0.8):
            self._nodes.append(name := self._name("n"))
        label = self._labels() if self._chance(0.5) else ""
        inside = f" {{{self._random.choice(PROPERTIES)}: {self._text()}}}" if self._chance(0.1) else ""
        if name and self._chance(0.08):
            inside += f" WHERE {self._condition(1)}"
        return f"({name}{label}{inside})"

    def _labels(self) -> str:
        one, other = self._random.choice(LABELS), self._random.choice(LABELS)
        return self._random.choice(
            [f":{one}", f":{one}", f":{one}|{other}", f":!{one}", ":%", f":!({one}|{other})"]
        )

    def _edge(self, *, hops: bool = False) -> str:
        name = ""
        if not hops and self._chance(0.4):
            self._edges.append(name := self._name("r"))
        types = ":" + "|".join(self._random.sample(TYPES, self._random.randint(1, 2))) if self._chance(0.5) else ""
        length = self._random.choice(["*1..2", "*0..2", "*2..3", "*2", "*..3"]) if hops else ""
        left, right = self._random.choice([("-", "->"), ("<-", "-"), ("-", "-")])
        return f"{left}[{name}{types}{length}]{right}"

    def _where(self, *, share: float = 0.6) -> str:
        return f" WHERE {self._condition(2)}" if self._nodes and self._chance(share) else ""

    def _condition(self, depth: int) -> str:
        if depth and self._chance(0.4):
            left, right = self._condition(depth - 1), self._condition(depth - 1)
            return self._random.choice([f"({left} OR {right})", f"{left} AND {right}", f"NOT ({left})"])
        node = self._random.choice(self._nodes)
        name = f"{node}.{self._random.choice(PROPERTIES)}"
        text = self._text()
        return self._random.choice(
            [
                f"{name} = {text}",
                f"{name} <> {text}",
                f"{name} STARTS WITH {text}",
                f"{node}.name CONTAINS {text}",
                f"toLower({node}.name) CONTAINS toLower({text})",
                f"{name} IS NULL",
                f"{name} IN [{text}, {self._text()}]",
                f"{name} < {text}",
                f"{node}{self._labels()}",
                f"size({node}.name) > 4",
                f"1 / (CASE WHEN {node}.name STARTS WITH 'CANARY' THEN 0 ELSE 1 END) = 1",
                f"EXISTS {{ ({node}){self._edge_alone()}({self._labels()}) }}",
                f"NOT ({node}){self._edge_alone()}()",
                f"COUNT {{ ({node}){self._edge_alone()}(x) WHERE x.name <> {text} }} > 0",
                f"any(x IN split({node}.path, '/') WHERE x = {text})",
                "true",
            ]
        )

    def _edge_alone(self) -> str:
        made = self._edges
        self._edges = []
        edge = self._edge(hops=self._chance(0.2))
        self._edges = made
        return edge

    def _with(self) -> str:
        if self._nodes and self._chance(0.3):
            return f"WITH *{self._where()}"
        kept = self._random.sample(self._nodes, self._random.randint(1, len(self._nodes))) if self._nodes else []
        value = self._name("v")
        shown = [*kept, f"{self._value()} AS {value}"]
        self._nodes, self._edges, self._paths, self._values = kept, [], [], [value]
        return f"WITH {'DISTINCT ' * self._chance(0.2)}{', '.join(shown)}{self._where()}"

    def _group(self) -> str:
        if not self._nodes:
            return self._with()
        kept, count = self._random.choice(self._nodes), self._name("v")
        made = f"WITH {kept}, {self._aggregate()} AS {count}"
        self._nodes, self._edges, self._paths, self._values = [kept], [], [], [count]
        return made

    def _unwind(self) -> str:
        source = self._random.choice(
            [f"[{self._text()}, {self._text()}]", "$list", *(f"nodes({p})" for p in self._paths)]
        )
        value = self._name("v")
        self._values.append(value)
        return f"UNWIND {source} AS {value}"

    def _aggregate(self) -> str:
        node = self._random.choice(self._nodes)
        name = f"{node}.{self._random.choice(PROPERTIES)}"
        return self._random.choice(
            ["count(*)", f"count({node})", f"count(DISTINCT {name})", f"max({node}.name)", f"min({node}.uid)"]
        )

    def _value(self) -> str:
        if not self._nodes:
            return self._random.choice(["1", "count(*)", *self._values])
        node = self._random.choice(self._nodes)
        name = f"{node}.{self._random.choice(PROPERTIES)}"
        return self._random.choice(
            [
                node,
                name,
                f"labels({node})",
                f"toUpper({node}.name)",
                f"coalesce({name}, {node}.name)",
                f"{node} {{.name, .path, x: {name}}}",
                f"size([({node}){self._edge_alone()}(y) | y])",
                f"COUNT {{ ({node}){self._edge_alone()}() }}",
                f"CASE WHEN {node}.name CONTAINS 'a' THEN {name} ELSE {node}.uid END",
                *self._values,
                *(f"type({edge})" for edge in self._edges),
                *(f"endNode({edge}).name" for edge in self._edges),
                *(f"[x IN nodes({path}) | x.name]" for path in self._paths),
                *(f"length({path})" for path in self._paths),
                *self._paths,
                *self._edges,
            ]
        )

    def _return(self) -> str:
        if self._nodes and self._chance(0.25):
            return f"RETURN {self._aggregate()} AS a"
        return f"RETURN {'DISTINCT ' * self._chance(0.3)}{self._value()} AS a"

    def _text(self, choices: list[str] = TEXTS) -> str:
        return self._random.choice(choices)

    def _name(self, letter: str) -> str:
        self._made += 1
        return f"{letter}{self._made}"

    def _chance(self, share: float) -> bool:
        return self._random.random() < share
