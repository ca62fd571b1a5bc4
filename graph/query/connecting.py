"""Cartesian products: every pattern is connected to what is bound already, or begins at a node that is named."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from graph.query.language import Binary, Chain, Expression, ListOf, Literal, Parameter, Property, Variable
from graph.query.refusing import Place, too_costly

NAMING = frozenset({"uid", "qualifiedName", "name", "path"})


def require_connected(
    chains: Sequence[Chain],
    conditions: Sequence[Expression],
    *,
    bound: Collection[str],
    many_rows: bool,
    at: Place,
) -> None:
    """Raise unless at most one group of patterns, none when `many_rows` come in, ranges over all nodes."""
    named = {name for condition in conditions if (name := _named_by(condition))}
    named |= {
        node.variable for chain in chains for node in chain.nodes if NAMING & {key for key, _ in node.properties}
    }
    free = [group for group in _groups(chains) if not group & set(bound) and not group & named]
    if len(free) > (0 if many_rows else 1):
        raise too_costly(
            "This multiplies all nodes by all nodes: connect the patterns by a relationship, or name a node by "
            "uid, qualifiedName, name or path.",
            at,
        )


def find_starts(chains: Sequence[Chain], *, bound: Collection[str]) -> list[str]:
    """Return a node's variable of each group of patterns that nothing bound yet."""
    free = [group for group in _groups(chains) if not group & set(bound)]
    order = [node.variable for chain in chains for node in chain.nodes]
    return [next(name for name in order if name in group) for group in free]


def _groups(chains: Sequence[Chain]) -> list[set[str]]:
    groups: list[set[str]] = []
    for chain in chains:
        group = {node.variable for node in chain.nodes}
        group |= {edge.variable for edge in chain.edges if edge.variable}
        touching = [other for other in groups if other & group]
        groups = [other for other in groups if not other & group] + [group.union(*touching)]
    return groups


def _named_by(condition: Expression) -> str | None:
    """Return the variable that a condition ties to given values."""
    if not isinstance(condition, Binary) or condition.operator not in {"=", "IN"}:
        return None
    for one, other in ((condition.left, condition.right), (condition.right, condition.left)):
        if isinstance(one, Property) and isinstance(one.subject, Variable) and one.name in NAMING:
            return one.subject.name if isinstance(other, Literal | Parameter | ListOf) else None
    return None
