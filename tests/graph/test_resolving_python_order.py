"""Which of the values that a Python name is ever given still counts where it is used."""

from __future__ import annotations

import pytest

from tests.graph.resolving import calls


def _called_by_run(body: str) -> set[str]:
    defined = "def one(): pass\ndef two(): pass\ndef three(): pass\ndef use(it=None): pass\n"
    found = calls({"a.py": f"{defined}def run(x):\n    {body}\n"})
    return {edge.removeprefix("a.run -> a.") for edge in found} - {"use"}


@pytest.mark.parametrize(
    "body",
    [
        "it = one; it = two; it()",
        "it = one; x = 1; it = two; it()",
        "it = {'a': one}; it['a'] = two; it['a']()",
        "it = {'a': {'b': one}}; it['a']['b'] = two; it['a']['b']()",
        "it = {'a': one}; it.update({'a': two}); it['a']()",
        "it = [one, x]; it[0] = two; it[0]()",
        "all = [one, two, three]; some = all[1:3]; some[0]()",
        "all = [one, two, three]; all[1:][0]()",
        "all = [one, three, two]; all[1:][1:][0]()",
    ],
)
def test_what_is_overwritten_before_it_is_read_or_cut_off_is_not_called(body: str) -> None:
    assert _called_by_run(body) == {"two"}


@pytest.mark.parametrize(
    "body",
    [
        "it = one; x = it; it = two; x(); it()",
        "it = one; use(); it = two; it()",
        "it = one; it = use(it) or two; it()",
        "it = one\n    if x: it = two\n    it()",
        "it = {'a': one}; x = it['a']; it['a'] = two; x(); it['a']()",
        "it = {'a': one, 'b': two}; it['b'] = 1; it['a'](); it['b'] = two; it['b']()",
        "it = {'a': one}; it[x] = two; it['a']()",
        "it = {'a': one}; it.update(x); it.update({'b': two}); it['a'](); it['b']()",
        "all = [one, three, two]; all[::2][0](); all[::2][1]()",
    ],
)
def test_what_may_have_been_read_still_counts(body: str) -> None:
    assert _called_by_run(body) >= {"one", "two"}
