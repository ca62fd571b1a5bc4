"""Sharing a budget among sections, and choosing within a section what is read, and in which form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from supastate.search.context.model import Candidate, Chosen, Form, Section


def allot(budget: int, *, wants: Mapping[Section, int], shares: Mapping[Section, int]) -> dict[Section, int]:
    """Give each section its share of the budget, at most what it wants; the rest goes to those that want more.

    The rest is shared in the same proportions, again and again, until nobody wants more or nothing is left.
    """
    given = dict.fromkeys(shares, 0)
    while hungry := [section for section in shares if given[section] < wants.get(section, 0)]:
        left = budget - sum(given.values())
        whole = sum(shares[section] for section in hungry)
        portions = {
            section: min(wants[section] - given[section], left * shares[section] // whole) for section in hungry
        }
        if not any(portions.values()):
            break
        given = {section: tokens + portions.get(section, 0) for section, tokens in given.items()}
    return given


def choose(candidates: Sequence[Candidate], *, room: int) -> list[Chosen]:
    """Choose from candidates in the order of their worth, within `room` tokens.

    First each takes its fullest form that leaves half of what is left to those behind it; if none does, its
    shortest. Then, in the same order, each takes a fuller form if the rest has room for it.
    """
    chosen: dict[int, Form] = {}
    left = room
    for index, candidate in enumerate(candidates):
        form = _find_form(candidate, most=left // 2) or candidate.forms[-1]
        if form.tokens <= left:
            chosen[index] = form
            left -= form.tokens
    for index, form in chosen.items():
        fuller = _find_form(candidates[index], most=form.tokens + left) or form
        chosen[index] = fuller
        left -= fuller.tokens - form.tokens
    return [Chosen(candidates[index], form) for index, form in chosen.items()]


def _find_form(candidate: Candidate, *, most: int) -> Form | None:
    return next((form for form in candidate.forms if form.tokens <= most), None)
