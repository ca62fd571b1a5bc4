"""From the query that was asked to the one that is run: checked, guarded, names spelled out, rows capped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph.query import guarding
from graph.query.connecting import require_connected
from graph.query.language import (
    Binary,
    Case,
    Clause,
    Direction,
    EdgePattern,
    Expression,
    Item,
    Literal,
    Match,
    NodePattern,
    Parameter,
    PatternList,
    Projection,
    Query,
    ShortestPath,
    Tree,
    Unary,
    Unwind,
    Variable,
)
from graph.query.projecting import lower_projection
from graph.query.refusing import not_allowed, syntax_error, too_costly, unknown_name
from graph.query.sizing import SCALAR, WHOLE_PATH, Kind, Size, Sizer, scope_of_chains, spread_lists
from graph.query.trees import change_tree, has_pattern, join_conjuncts, split_conjuncts, walk_tree
from graph.store.model import Layer

MOST_ROWS_OF_HOPS = 3
NOTHING = (Item(Literal(1), "_w", "_w"),)
# Their edges never leave a project, so that no path that must not be seen hides one that may.
WITHIN_PROJECT = frozenset(kind.value for kind in Layer.CODE.types)
MOST_UNWINDS = 3


@dataclass(frozen=True, slots=True)
class RunnableQuery:
    """What a store may be asked; `columns` are the names of the answer's columns."""

    query: Query
    columns: tuple[str, ...]


def lower_query(query: Query, *, parameters: Mapping[str, Any], most_rows: int) -> RunnableQuery:
    """Return the query to run, which yields up to `most_rows` rows from each of its parts."""
    _require_parameters(query, parameters)
    lowered = [_Lowering(parameters, most_rows).lower_part(part) for part in query.parts]
    columns = [_titles_of(part) for part in lowered]
    if len(lowered) > 1 and len({_aliases_of(part) for part in lowered}) > 1:
        raise syntax_error("All parts of a UNION name the same columns.", query.parts[-1][-1].at)
    _require_few_hops(query)
    return RunnableQuery(Query(tuple(lowered), query.union_all), columns[0])


def _titles_of(part: Sequence[Clause]) -> tuple[str, ...]:
    last = part[-1]
    return tuple(item.title for item in last.items) if isinstance(last, Projection) else ()


def _aliases_of(part: Sequence[Clause]) -> tuple[str, ...]:
    last = part[-1]
    return tuple(item.alias for item in last.items) if isinstance(last, Projection) else ()


def _walk_query(query: Query) -> Iterator[Tree]:
    return (tree for part in query.parts for clause in part for tree in walk_tree(clause))


def _require_parameters(query: Query, parameters: Mapping[str, Any]) -> None:
    for tree in _walk_query(query):
        if isinstance(tree, Parameter) and tree.name not in parameters:
            raise unknown_name(f"There is no parameter {tree.name}: give it in parameters.", tree.at)


def _require_few_hops(query: Query) -> None:
    rows = [tree for tree in _walk_query(query) if isinstance(tree, EdgePattern) and tree.hops]
    if len(rows) > MOST_ROWS_OF_HOPS:
        raise too_costly(
            f"At most {MOST_ROWS_OF_HOPS} relationships of a query have a variable length.", rows[-1].at
        )


class _Lowering:
    """Goes through one part of a query; `_scope` holds what each clause leaves to the next."""

    def __init__(self, parameters: Mapping[str, Any], most_rows: int) -> None:
        self._parameters = parameters
        self._most_rows = most_rows
        self._sizer = Sizer(parameters)
        self._scope: dict[str, Size] = {}
        self._many_rows = False
        self._unwinds = 0
        self._matches = 0
        self._is_after_optional = False
        self._hoisted = 0

    def lower_part(self, part: Sequence[Clause]) -> tuple[Clause, ...]:
        return tuple(made for clause in part for made in self._lower(clause))

    def _lower(self, clause: Clause) -> list[Clause]:
        if isinstance(clause, Match):
            return self._match(clause)
        if isinstance(clause, Unwind):
            return self._unwind(clause)
        return self._project(clause)

    def _match(self, match: Match) -> list[Clause]:
        if any(chain.shortest for chain in match.chains):
            return self._shortest(match)
        before = self._part_from_optional(match)
        self._matches += 1
        name = f"_m{self._matches}"
        named = tuple(guarding.name_path(chain, f"{name}_p{n}") for n, chain in enumerate(match.chains))
        chains, apart = guarding.keep_edges_apart(named, f"{name}_e")
        inner = {**self._scope, **scope_of_chains(chains, self._scope)}
        asked = [part for chain in chains for part in guarding.conditions_of_nodes(chain)]
        asked += split_conjuncts(match.where)
        for condition in asked:
            self._sizer.measure(condition, inner)
        require_connected(chains, asked, bound=self._scope, many_rows=self._many_rows, at=match.at)
        safe = [part for part in asked if guarding.cannot_fail(part, inner, self._parameters)]
        late = [part for part in asked if part not in safe]
        if late and match.optional:
            raise not_allowed(
                "Behind OPTIONAL MATCH, compare properties with values only: put this behind a WITH.",
                late[0].at,
            )
        guards = list(guarding.guard_chains(chains))
        made = replace(
            match,
            chains=tuple(guarding.bare(chain) for chain in chains),
            where=join_conjuncts([*guards, *apart, *safe]),
        )
        self._bind({name: size for name, size in inner.items() if not name.startswith("_")})
        clauses: list[Clause] = [made, self._test_late(late, guards, inner)] if late else [made]
        return [*before, *clauses]

    def _part_from_optional(self, match: Match) -> list[Clause]:
        """Return the WITH that FalkorDB wants between OPTIONAL MATCH and MATCH."""
        is_needed = self._is_after_optional and not match.optional
        self._is_after_optional = match.optional
        return [Projection(items=_carry(self._scope) or NOTHING, final=False)] if is_needed else []

    def _bind(self, scope: dict[str, Size]) -> None:
        self._scope = spread_lists(scope)
        self._many_rows = True

    def _test_late(
        self, late: Sequence[Expression], guards: Sequence[Expression], inner: Mapping[str, Size]
    ) -> Clause:
        """Return the WITH before conditions that may fail; the guard is asked once more before them."""
        condition, hoisted = self._hoist(join_conjuncts(late))
        guarded = Case(None, ((join_conjuncts(guards), condition),), Literal(value=False))
        names = [name for name in inner if not name.startswith("_l")]
        return Projection(items=(*_carry(names), *hoisted), final=False, where=guarded)

    def _hoist(self, condition: Expression) -> tuple[Expression, list[Item]]:
        """Return the condition with its patterns taken out into columns: FalkorDB evaluates them only there."""
        items: list[Item] = []

        def change(tree: Any) -> Any:
            if not isinstance(tree, PatternList):
                return tree
            self._hoisted += 1
            items.append(Item(self._guarded(tree), name := f"_h{self._hoisted}", name))
            return Variable(name)

        return self._guarded(change_tree(condition, change)), items

    def _guarded(self, expression: Expression) -> Expression:
        return guarding.guard_expression(expression, self._scope, self._parameters)

    def _shortest(self, match: Match) -> list[Clause]:
        """Both stores find the shortest path between bound nodes, in a column; so its ends are matched first."""
        chain = match.chains[0]
        if match.optional or len(match.chains) > 1 or len(chain.edges) != 1 or not chain.edges[0].hops:
            raise not_allowed("Write MATCH p = shortestPath((a)-[:CALLS*..5]->(b)) by itself.", match.at)
        edge = chain.edges[0]
        if edge.direction is Direction.EITHER or not edge.types or not WITHIN_PROJECT.issuperset(edge.types):
            names = ", ".join(sorted(WITHIN_PROJECT))
            raise not_allowed(f"A shortest path has a direction and follows some of {names}.", match.at)
        path, (first, last) = str(chain.variable), chain.nodes
        ends = tuple(
            replace(chain, variable=None, nodes=(node,), edges=(), shortest=False) for node in chain.nodes
        )
        of_path: list[Expression] = []
        of_ends: list[Expression] = [Binary("<>", Variable(first.variable), Variable(last.variable))]
        for condition in split_conjuncts(match.where):
            is_of_path = any(tree == Variable(path) for tree in walk_tree(condition))
            (of_path if is_of_path else of_ends).append(condition)
        made = self._match(replace(match, chains=ends, where=join_conjuncts(of_ends)))
        between = tuple(NodePattern(node.variable) for node in chain.nodes)
        found = Item(ShortestPath(replace(chain, variable=None, nodes=between)), path, path)
        bound = [*self._scope, *(node.variable for node in chain.nodes if node.variable not in self._scope)]
        guards = [Unary("IS NOT NULL", Variable(path)), guarding.guard_path(path)]
        self._scope[path] = WHOLE_PATH
        for condition in of_path:
            self._sizer.measure(condition, self._scope)
            if has_pattern(condition):
                raise not_allowed("Put this condition behind a WITH.", condition.at)
        guarded = Case(
            None, ((join_conjuncts(guards), self._guarded(join_conjuncts(of_path))),), Literal(value=False)
        )
        return [
            *made,
            Projection(items=(*_carry(bound), found), final=False),
            Projection(items=_carry([*bound, path]), final=False, where=guarded),
        ]

    def _unwind(self, unwind: Unwind) -> list[Clause]:
        self._unwinds += 1
        if self._unwinds > MOST_UNWINDS:
            raise too_costly(f"A query has at most {MOST_UNWINDS} UNWINDs.", unwind.at)
        if unwind.variable in self._scope:
            raise syntax_error(f"The variable {unwind.variable} exists already.", unwind.at)
        size = self._sizer.measure(unwind.source, self._scope)
        source, hoisted = self._hoist(unwind.source)
        before: list[Clause] = [Projection(items=(*_carry(self._scope), *hoisted), final=False)] if hoisted else []
        self._bind({**self._scope, unwind.variable: SCALAR if size.big else replace(size, kind=Kind.VALUE)})
        return [*before, replace(unwind, source=source)]

    def _project(self, projection: Projection) -> list[Clause]:
        self._is_after_optional = False
        lowered = lower_projection(projection, self._scope, self._sizer, most_rows=self._most_rows)
        self._scope, one_row = lowered.scope, lowered.is_one_row
        self._many_rows = self._many_rows and not one_row
        made = lowered.projection
        where = made.where
        outer = self._guarded
        made = replace(
            made,
            items=tuple(replace(item, expression=outer(item.expression)) for item in made.items),
            order=tuple(replace(order, expression=outer(order.expression)) for order in made.order),
        )
        if where is None:
            return [made]
        condition, hoisted = self._hoist(where)
        if not hoisted:
            return [replace(made, where=condition)]
        again = Projection(items=(*_carry(self._scope), *hoisted), final=False, where=condition)
        return [replace(made, where=None), again]


def _carry(names: Sequence[str] | Mapping[str, Size]) -> tuple[Item, ...]:
    return tuple(Item(Variable(name), name, name) for name in names)
