"""Resolving some files of a project gives what the whole project gives for them, in every language."""

from __future__ import annotations

from importlib import import_module
from textwrap import dedent

import pytest

from graph.parsing import parse_source
from graph.resolver import resolve_project

_LANGUAGES = ["c", "cpp", "csharp", "go", "java", "javascript", "php", "ruby", "rust", "typescript"]
"""Python has such a test of its own, with more in it."""


@pytest.mark.parametrize("language", _LANGUAGES)
def test_a_file_resolved_alone_has_the_edges_it_has_in_the_whole(language: str) -> None:
    sources = import_module(f"tests.graph.test_resolving_{language}").PROJECT
    facts = {path: parse_source(path, dedent(text)) for path, text in sources.items()}
    whole = resolve_project("p", facts)
    for path in reversed(facts):
        alone = resolve_project("p", facts, only={path})
        assert alone.edges == tuple(edge for edge in whole.edges if edge.src_file == path)
