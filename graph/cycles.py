"""Circles in a directed graph: groups of nodes that all reach each other, and one short circle through each."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Successors = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Cycle:
    """A group, sorted, and a shortest circle in it from its first member, which is not repeated at the end."""

    members: tuple[str, ...]
    shortest: tuple[str, ...]


def find_cycles(pairs: Iterable[tuple[str, str]]) -> list[Cycle]:
    """Return every group of two or more nodes, and every node with an edge to itself; the largest first."""
    successors: dict[str, list[str]] = defaultdict(list)
    for source, target in sorted(set(pairs)):
        successors[source].append(target)
    groups = [sorted(group) for group in _find_components(successors)]
    circular = [group for group in groups if len(group) > 1 or group[0] in successors.get(group[0], ())]
    cycles = [Cycle(tuple(group), _find_shortest(successors, group)) for group in circular]
    return sorted(cycles, key=lambda cycle: (-len(cycle.members), cycle.members))


def _find_components(successors: Successors) -> Iterator[list[str]]:
    """Yield the strongly connected components (Tarjan 1972), without recursion: chains of imports are long."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in successors:
        if root in order:
            continue
        work = [(root, iter(successors[root]))]
        order[root] = low[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, left = work[-1]
            for target in left:
                if target not in order:
                    order[target] = low[target] = len(order)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(successors.get(target, ()))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], order[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    yield _pop_component(stack, on_stack, node)


def _pop_component(stack: list[str], on_stack: set[str], root: str) -> list[str]:
    place = stack.index(root)
    component = stack[place:]
    del stack[place:]
    on_stack.difference_update(component)
    return component


def _find_shortest(successors: Successors, group: Sequence[str]) -> tuple[str, ...]:
    """Return a shortest circle from the group's first member back to it, inside the group."""
    start, members = group[0], set(group)
    came_from: dict[str, str] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for target in successors.get(node, ()):
            if target == start:
                return _trace(came_from, node)
            if target in members and target not in came_from:
                came_from[target] = node
                queue.append(target)
    raise ValueError(f"{start} is in no circle.")


def _trace(came_from: Mapping[str, str], node: str) -> tuple[str, ...]:
    path = [node]
    while path[-1] in came_from:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))
