"""The conditions that keep a query inside its workspace and projects, and the order in which they are tested.

A store is free to test conditions in any order, and one that fails tells something of the node that it was tested
on. So beside the guard stand only conditions that cannot fail; all others come behind a WITH, when the nodes that
the caller may not see are gone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graph.query.allowed import TEXT_PROPERTIES
from graph.query.language import (
    Binary,
    Call,
    Chain,
    EdgePattern,
    Expression,
    HasLabel,
    IsHome,
    ListComprehension,
    ListOf,
    Literal,
    Parameter,
    PatternList,
    Property,
    Quantifier,
    Unary,
    Variable,
)
from graph.query.refusing import not_allowed
from graph.query.sizing import Kind, Scope, scope_of_chains
from graph.query.trees import change_tree, join_conjuncts, split_conjuncts

PROJECTS = "_projects"
LABELS = "_labels"
_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_TEXT_TESTS = frozenset({"STARTS WITH", "ENDS WITH", "CONTAINS"})


def guard_chains(chains: Sequence[Chain]) -> Iterator[Expression]:
    """Yield what must hold of every node of the patterns, those in the middle of a path too."""
    for name in sorted({node.variable for chain in chains for node in chain.nodes}):
        yield _in_projects(Variable(name))
    for chain in chains:
        if chain.variable and has_hops(chain):
            yield guard_path(chain.variable)


def guard_path(name: str) -> Expression:
    """Return what must hold of every node of a path."""
    node = Variable("_x")
    condition = Binary("AND", IsHome(node), _in_projects(node))
    return Quantifier("all", "_x", Call("nodes", (Variable(name),)), condition)


def has_hops(chain: Chain) -> bool:
    """Tell whether the pattern passes nodes that it does not name."""
    return any(edge.hops for edge in chain.edges)


def guard_expression(expression: Expression, scope: Scope, parameters: Mapping[str, Any]) -> Expression:
    """Return the expression with its patterns guarded and without the labels that are only ours."""

    def change(tree: Any) -> Any:
        if isinstance(tree, PatternList):
            return _guard_pattern(tree, scope, parameters)
        if isinstance(tree, Call) and tree.name == "labels":
            return ListComprehension("_l", tree, Binary("IN", Variable("_l"), Parameter(LABELS)), None)
        return tree

    changed: Expression = change_tree(expression, change)
    return changed


def _guard_pattern(tree: PatternList, scope: Scope, parameters: Mapping[str, Any]) -> PatternList:
    name = f"_q{tree.at.line}_{tree.at.column}"
    (chain,), apart = keep_edges_apart((name_path(tree.chain, name),), f"{name}_")
    inner = {**scope, **scope_of_chains((chain,), scope)}
    asked = [*conditions_of_nodes(chain), *split_conjuncts(tree.where)]
    for condition in asked:
        if not cannot_fail(condition, inner, parameters):
            raise not_allowed(
                "Inside a pattern's WHERE, compare properties with values only; use MATCH and WITH for more.",
                condition.at,
            )
    return replace(tree, chain=bare(chain), where=join_conjuncts([*guard_chains((chain,)), *apart, *asked]))


def name_path(chain: Chain, name: str) -> Chain:
    """Return the pattern with a name for its path, if it passes nodes that it does not name."""
    return replace(chain, variable=name) if has_hops(chain) and chain.variable is None else chain


def keep_edges_apart(chains: Sequence[Chain], name: str) -> tuple[tuple[Chain, ...], list[Expression]]:
    """Return the patterns, their edges named by `name` and a number, and what makes each edge another one.

    FalkorDB does not do that by itself.
    """
    counter = itertools.count()
    named = tuple(
        replace(chain, edges=tuple(_name_edge(edge, f"{name}{next(counter)}") for edge in chain.edges))
        for chain in chains
    )
    single = [edge for chain in named for edge in chain.edges if edge.variable]
    return named, [
        Binary("<>", Variable(str(one.variable)), Variable(str(other.variable)))
        for one, other in itertools.combinations(single, 2)
        if one.variable != other.variable and _may_be_one(one, other)
    ]


def _name_edge(edge: EdgePattern, name: str) -> EdgePattern:
    return edge if edge.variable or edge.hops else replace(edge, variable=name)


def _may_be_one(one: EdgePattern, other: EdgePattern) -> bool:
    return not one.types or not other.types or bool(set(one.types) & set(other.types))


def conditions_of_nodes(chain: Chain) -> list[Expression]:
    """Return what the nodes of a pattern say in their own WHERE."""
    return [part for node in chain.nodes for part in split_conjuncts(node.where)]


def bare(chain: Chain) -> Chain:
    """Return the pattern without its nodes' own WHERE."""
    return replace(chain, nodes=tuple(replace(node, where=None) for node in chain.nodes))


def cannot_fail(tree: Expression, scope: Scope, parameters: Mapping[str, Any]) -> bool:
    """Tell whether testing the condition ends in true, false or null whatever a node holds."""
    match tree:
        case Literal(value):
            return value is None or isinstance(value, bool)
        case HasLabel(variable, _):
            return scope[variable.name].kind is Kind.NODE
        case Unary("NOT", operand):
            return cannot_fail(operand, scope, parameters)
        case Unary("IS NULL" | "IS NOT NULL", operand):
            return _is_plain(operand, scope)
        case Binary("AND" | "OR" | "XOR", left, right):
            return cannot_fail(left, scope, parameters) and cannot_fail(right, scope, parameters)
        case Binary("IN", left, right):
            return _is_plain(left, scope) and _is_list(right, scope, parameters)
        case Binary(operator, left, right) if operator in _TEXT_TESTS:
            return _is_text(left, scope, parameters) and _is_text(right, scope, parameters)
        case Binary(operator, left, right) if operator in _COMPARISONS:
            return _is_plain(left, scope) and _is_plain(right, scope)
        case _:
            return False


def _is_plain(tree: Expression, scope: Scope) -> bool:
    match tree:
        case Literal() | Parameter() | Variable():
            return True
        case Property(Variable(name), _):
            return scope[name].kind in {Kind.NODE, Kind.EDGE}
        case Call("type", (Variable(name),)):
            return scope[name].kind is Kind.EDGE
        case _:
            return False


def _is_text(tree: Expression, scope: Scope, parameters: Mapping[str, Any]) -> bool:
    match tree:
        case Literal(value):
            return isinstance(value, str)
        case Parameter(name):
            return isinstance(parameters.get(name), str)
        case Property(Variable(name), key):
            return scope[name].kind is Kind.NODE and key in TEXT_PROPERTIES
        case Call("tolower" | "toupper", (inner,)):
            return _is_text(inner, scope, parameters)
        case _:
            return False


def _is_list(tree: Expression, scope: Scope, parameters: Mapping[str, Any]) -> bool:
    match tree:
        case ListOf(items):
            return all(isinstance(item, Literal | Parameter) for item in items)
        case Parameter(name):
            return isinstance(parameters.get(name), list)
        case Variable(name):
            return scope[name].kind is Kind.LIST
        case _:
            return False


def _in_projects(node: Variable) -> Expression:
    return Binary("IN", Property(node, "project"), Parameter(PROJECTS))
