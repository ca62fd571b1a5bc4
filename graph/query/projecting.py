"""WITH and RETURN: columns by name, rows capped, order by what the columns show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph.query.allowed import AGGREGATES
from graph.query.language import Call, Expression, Item, Literal, Order, Parameter, Projection, Variable
from graph.query.refusing import not_allowed, syntax_error, too_costly
from graph.query.sizing import MOST_WEIGHT, Scope, Size, Sizer
from graph.query.trees import change_tree, has_pattern, walk_tree

MOST_ORDERED_ROWS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class LoweredProjection:
    """A projection whose columns are all named, and what it leaves to the next clause."""

    projection: Projection
    scope: dict[str, Size]
    is_one_row: bool


def lower_projection(projection: Projection, scope: Scope, sizer: Sizer, *, most_rows: int) -> LoweredProjection:
    """Return the projection with its names spelled out; the last one yields up to `most_rows` rows."""
    items = _name_items(projection, scope)
    aggregates = any(_aggregates(item.expression) for item in items)
    sizes = {
        item.alias: _measure(item, scope, sizer, passes=not aggregates and not projection.distinct)
        for item in items
    }
    if sum(size.weight for size in sizes.values()) > MOST_WEIGHT:
        raise too_costly("A row of this could be too large.", projection.at)
    if projection.final and any(size.spread for size in sizes.values()):
        raise too_costly(
            "A list that was collected before another MATCH or UNWIND cannot be returned.", projection.at
        )
    grouped = aggregates or projection.distinct
    order = tuple(_lower_order(each, items, scope, sizes, sizer, grouped=grouped) for each in projection.order)
    limit = _bound(projection.limit, sizer)
    lowered = replace(
        projection,
        items=items,
        star=False,
        order=order,
        skip=_as_literal(_bound(projection.skip, sizer)),
        limit=_as_literal(_capped(limit, most_rows) if projection.final else limit),
    )
    if lowered.where is not None:
        sizer.measure(lowered.where, sizes)
    is_one_row = limit == 1 or (aggregates and all(_aggregates(item.expression) for item in items))
    return LoweredProjection(lowered, sizes, is_one_row)


def _name_items(projection: Projection, scope: Scope) -> tuple[Item, ...]:
    everything = tuple(Item(Variable(name), name, name) for name in scope) if projection.star else ()
    if projection.star and not everything:
        raise syntax_error("There are no variables for *.", projection.at)
    named = [*everything]
    for number, item in enumerate(projection.items):
        if not item.alias and not projection.final:
            raise syntax_error("Every value of WITH needs a name: … AS name.", item.at)
        named.append(item if item.alias else replace(item, alias=f"_c{number}"))
    aliases = [item.alias for item in named]
    if len(set(aliases)) < len(aliases):
        raise syntax_error("Two columns have one name: name them with AS.", projection.at)
    return tuple(named)


def _measure(item: Item, scope: Scope, sizer: Sizer, *, passes: bool) -> Size:
    """A list that later rows multiplied may be passed on as it is, to be looked through again."""
    expression = item.expression
    if passes and isinstance(expression, Variable) and expression.name in scope:
        return scope[expression.name]
    return sizer.measure(expression, scope, aggregates=True)


def _aggregates(expression: Expression) -> bool:
    return any(isinstance(tree, Call) and tree.name in AGGREGATES for tree in walk_tree(expression))


def _lower_order(
    order: Order, items: Sequence[Item], scope: Scope, sizes: Mapping[str, Size], sizer: Sizer, *, grouped: bool
) -> Order:
    """Order by a column's name where its expression stands: both stores understand that alike."""
    names = {item.expression: Variable(item.alias) for item in items if not isinstance(item.expression, Variable)}
    if has_pattern(order.expression):
        raise not_allowed("Put the pattern into a column and order by its name.", order.at)

    def change(tree: Any) -> Any:
        return names.get(tree, tree) if not isinstance(tree, Variable) else tree

    expression = change_tree(order.expression, change)
    sizer.measure(expression, sizes if grouped else {**scope, **sizes})
    return replace(order, expression=expression)


def _bound(expression: Expression | None, sizer: Sizer) -> int | None:
    """Return the number of SKIP or LIMIT."""
    if expression is None:
        return None
    value: Any = None
    if isinstance(expression, Literal):
        value = expression.value
    elif isinstance(expression, Parameter):
        sizer.measure(expression, {})
        value = sizer.parameter(expression.name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_ORDERED_ROWS:
        raise not_allowed("SKIP and LIMIT take a whole number or a parameter that is one.", expression.at)
    return value


def _capped(limit: int | None, most_rows: int) -> int:
    return most_rows if limit is None else min(limit, most_rows)


def _as_literal(value: int | None) -> Literal | None:
    return None if value is None else Literal(value)
