"""The steps of an expression: attributes, calls, subscripts, iteration, instances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, Literal

from graph.languages.language import words
from graph.resolver.bindings import NO_DEFINITION
from graph.resolver.index import ProjectIndex
from graph.resolver.reopening import SharedEvaluator
from graph.resolver.values import (
    ANNOTATION,
    ARGUMENT,
    ATTRIBUTE,
    CONSTRUCTOR,
    CONTAINER,
    EXTERNAL,
    RETURN,
    SELF,
    SUPER,
    Value,
    Values,
    merge,
    weaken,
)

_CLASS_OF: dict[str, Literal["class", "cls"]] = {"instance": "class", "self": "cls"}
MAX_PLACE = 10_000
_Step = Callable[[Any, int, Value, int], Values]
_GIVES_ELEMENT = words(
    "get pop popleft setdefault find shift at findLast next first last getFirst getLast peek poll remove orElse",
    "orElseThrow orElseGet findFirst findAny getOrDefault computeIfAbsent First FirstOrDefault Single",
    "get_mut first_mut last_mut pop_front pop_back nth SingleOrDefault Last LastOrDefault Dequeue Peek Pop",
    "ElementAt GetOrAdd AddOrUpdate",
)
_GIVES_CONTAINER = words(
    "copy filter slice concat reverse sort toSorted stream iterator sorted limit skip subList Where OrderBy",
    "OrderByDescending Skip Take ToList ToArray Reverse Distinct AsEnumerable",
)


class StepEvaluator(SharedEvaluator):
    """Adds to the names what can be done with their values."""

    def __init__(self, index: ProjectIndex) -> None:
        super().__init__(index)
        self._steps = dict(self._STEPS)

    def apply(self, file: int, values: Values, step: str, depth: int) -> Values:
        """Return what the values are one step further."""
        if not values:
            return ()
        apply_one = self._find_step(step)
        if len(values) == 1:
            return apply_one(self, file, values[0], depth)
        return merge(found for value in values for found in apply_one(self, file, value, depth))

    def attribute(self, file: int, value: Value, name: str, depth: int) -> Values:
        """Return an attribute of a value."""
        if value.kind == "module":
            return self._module_attribute(file, value, name, depth)
        if value.kind == "class" and self.is_open_namespace(value.key):
            qualified = f"{self.index.definitions[value.key].qualified_name}.{name}"
            found = self.bound_values(self.index.find_shared(file, qualified), depth)
            return self._seen_through(found, value, max(value.rank, ATTRIBUTE), depth)
        if name == "__class__" and value.kind in _CLASS_OF:
            return (value._replace(kind=_CLASS_OF[value.kind]),)
        if value.kind in {"class", "cls", "instance", "self"}:
            rank = ATTRIBUTE if value.kind == "class" and value.rank < ATTRIBUTE else value.rank
            members = self.find_member(value.key, name, depth, static=self._wants_static(value))
            return self._seen_through(members, value, SELF if value.kind in {"self", "cls"} else rank, depth)
        if value.kind == "super":
            members = self.find_member(value.key, name, depth, after=value.key)
            return self._seen_through(members, value, SUPER, depth)
        if value.kind in {"sequence", "mapping"}:
            return _container_attribute(value, name)
        return (EXTERNAL,)

    def _wants_static(self, receiver: Value) -> bool | None:
        apart = self.index.language(self.index.definition_files[receiver.key]).rules.static_apart
        return receiver.kind in {"class", "cls"} if apart else None

    def returned(self, value: Value, depth: int) -> Values:
        """Return what a function gives back: by its annotation, else by its return statements."""
        found = self.remember(("returned", value.key), depth, lambda: self._find_returned(value.key, depth))
        if value.owner == NO_DEFINITION:
            return weaken(found, max(value.rank, RETURN))
        owned = (
            item._replace(kind="instance" if item.kind == "self" else "class", key=value.owner)
            if item.kind in {"self", "cls"}
            else item
            for item in found
        )
        return weaken(owned, max(value.rank, RETURN))

    def _find_step(self, step: str) -> _Step:
        found = self._steps.get(step)
        if found is None:
            if step[0] == "[" and ":" in step:
                found = partial(StepEvaluator._slice, bounds=_read_bounds(step[1:-1]))
            elif step[0] == "[":
                found = partial(StepEvaluator._subscript, key=step[1:-1])
            elif step[0] == "{":
                found = partial(_hold, step=step)
            elif step[-1] == "*":
                found = partial(StepEvaluator._attributes, prefix=step[:-1])
            else:
                found = partial(StepEvaluator._attribute_step, name=step)
            self._steps[step] = found
        return found

    def _attribute_step(self, file: int, value: Value, depth: int, name: str) -> Values:
        return self.attribute(file, value, name, depth)

    def _attributes(self, file: int, value: Value, depth: int, prefix: str) -> Values:
        if value.kind not in {"class", "cls", "instance", "self"}:
            return (EXTERNAL,)
        names = self.member_names(value.key, prefix)
        return weaken((item for name in names for item in self.attribute(file, value, name, depth)), CONTAINER)

    def _module_attribute(self, file: int, value: Value, name: str, depth: int) -> Values:
        found = self.find_attribute(file, self.module_at(value), name, depth - 1)
        if not found:
            own = self.module_itself(value, depth)
            found = merge(item for owner in own for item in self.attribute(file, owner, name, depth - 1))
        return weaken(found, value.rank)

    def _seen_through(self, members: Values, receiver: Value, rank: int, depth: int) -> Values:
        seen: list[Value] = []
        for member in members:
            if member.kind != "function":
                seen.append(member._replace(rank=max(member.rank, rank, ATTRIBUTE)))
                continue
            bound = member.bound or self._is_bound(member.key, receiver)
            method = member._replace(owner=receiver.key, rank=max(member.rank, rank), bound=bound)
            is_getter = "getter" in self.index.definitions[member.key].modifiers and receiver.kind != "class"
            seen.extend(self.returned(method, depth) if is_getter else (method,))
        return tuple(seen)

    def _is_bound(self, method: int, receiver: Value) -> bool:
        definition = self.index.definitions[method]
        if definition.kind != "method" or "static" in definition.modifiers:
            return False
        return receiver.kind not in {"class", "cls"} or "class" in definition.modifiers

    def _find_returned(self, definition: int, depth: int) -> Values:
        file = self.index.definition_files[definition]
        item = self.index.definitions[definition]
        local = self.index.local_number(definition)
        annotated = self.declared(file, local, item.returns, depth - 1)
        return annotated or _drop_mixed(self.evaluate_all(file, local, item.returned, depth - 1))

    def _call(self, file: int, value: Value, depth: int) -> Values:
        if value.kind == "class":
            return (value._replace(kind="instance", rank=max(value.rank, CONSTRUCTOR)),)
        if value.kind == "cls":
            return (value._replace(kind="self"),)
        if value.kind == "function":
            return self.returned(value, depth)
        if value.kind == "gives" and value.element is not None:
            return _take(value)
        if value.kind == "module":
            own = self.module_itself(value, depth)
            return merge(found for item in own for found in self._call(file, item, depth - 1))
        if value.kind in {"instance", "self"}:
            return self._result_of(file, value, "__call__", depth)
        return (value,) if value.kind in {"super", "external"} else ()

    def _instance(self, _file: int, value: Value, _depth: int) -> Values:
        if value.kind == "class":
            return (value._replace(kind="instance", rank=max(value.rank, ANNOTATION)),)
        if value.kind == "cls":
            return (value._replace(kind="self"),)
        return (value,) if value.kind == "external" else ()

    def _subscript(self, file: int, value: Value, depth: int, key: str) -> Values:
        if value.kind in {"sequence", "mapping"} and value.element is not None:
            return _take(value) if not key or value.at in {"", key} else ()
        if value.kind in {"instance", "self"}:
            return self._result_of(file, value, "__getitem__", depth)
        return (value,) if value.kind in {"class", "cls", "external", "function"} else ()

    def _slice(self, file: int, value: Value, depth: int, bounds: range | None) -> Values:
        if value.kind == "sequence":
            if bounds is None or not value.at.isdigit():
                return (value._replace(at=""),)
            place = int(value.at)
            return (value._replace(at=str(bounds.index(place))),) if place in bounds else ()
        return self._subscript(file, value, depth, "")

    def _iterate(self, file: int, value: Value, depth: int) -> Values:
        if value.kind == "sequence" and value.element is not None:
            return _take(value)
        if value.kind in {"instance", "self"}:
            iterators = self._result_of(file, value, "__iter__", depth)
            return merge(found for item in iterators for found in self._next(file, item, depth))
        return (value,) if value.kind == "external" else ()

    def _next(self, file: int, iterator: Value, depth: int) -> Values:
        if iterator.kind in {"instance", "self"}:
            return self._result_of(file, iterator, "__next__", depth)
        return self._iterate(file, iterator, depth)

    def _enter(self, file: int, value: Value, depth: int) -> Values:
        if value.kind == "sequence":
            return self._iterate(file, value, depth)
        if value.kind in {"instance", "self"}:
            entered = self._result_of(file, value, "__enter__", depth)
            return tuple(item for item in entered if item.kind != "external") or (value,)
        return (value,)

    def _result_of(self, file: int, value: Value, method: str, depth: int) -> Values:
        methods = self.attribute(file, value, method, depth - 1)
        return merge(found for item in methods for found in self._call_method(item, depth - 1))

    def _call_method(self, method: Value, depth: int) -> Values:
        return self.returned(method, depth) if method.kind == "function" else (EXTERNAL,)

    # Functions, not methods bound to one evaluator: it would hold itself by them, until the collector comes.
    _STEPS: ClassVar[Mapping[str, _Step]] = {
        "()": _call,
        "@": _instance,
        "<>": _iterate,
        "with": _enter,
    }


def _drop_mixed(values: Values) -> Values:
    """Leave out arguments that a function passes back if its calls differ in them: which is back where?"""
    passed = [value for value in values if value.rank == ARGUMENT]
    return values if len(passed) < 2 else tuple(value for value in values if value.rank != ARGUMENT)


def _read_bounds(text: str) -> range | None:
    """Return the places that a slice takes, None if its bounds are not known."""
    start, _, stop = text.partition(":")
    return range(int(start or 0), int(stop or MAX_PLACE)) if start or stop else None


def _hold(_self: StepEvaluator, _file: int, value: Value, _depth: int, step: str) -> Values:
    """Return the container that `{…}` or `{…:}` makes of a value."""
    is_mapping = step.endswith(":}")
    key = step[1 : -2 if is_mapping else -1]
    return (Value("mapping" if is_mapping else "sequence", 0, value.rank, element=value, at=key),)


def _take(container: Value) -> Values:
    return weaken((container.element,), max(container.rank, CONTAINER)) if container.element is not None else ()


def _container_attribute(value: Value, name: str) -> Values:
    element, rank = value.element, max(value.rank, CONTAINER)
    if name in _GIVES_ELEMENT:
        return (Value("gives", 0, rank, element=element),)
    if name in _GIVES_CONTAINER:
        return (Value("gives", 0, rank, element=value),)
    if name == "values":
        return (Value("gives", 0, rank, element=value._replace(kind="sequence", at="")),)
    if name == "items" and element is not None:
        pair = Value("sequence", 0, value.rank, element=element, at="1")
        return (Value("gives", 0, rank, element=value._replace(kind="sequence", element=pair, at="")),)
    return (EXTERNAL,)
