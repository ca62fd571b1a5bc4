"""Languages known by an outline: what a file defines, and no calls."""

from __future__ import annotations

from textwrap import dedent

import pytest

from graph.elements import EdgeType
from graph.parsing import parse_source
from tests.graph.resolving import edges, resolve

SOURCES = {
    "a.kt": (
        """
        package shop

        // Keeps things.
        class Store(val size: Int) : Base() {
            fun save(item: Int): String {
                return load()
            }
        }

        interface Runs {
            fun run()
        }

        fun top() {
            save(1)
        }
        """,
        "class Store, method Store.save, interface Runs, method Runs.run, function top",
    ),
    "a.swift": (
        """
        // Keeps things.
        class Store: Base {
            func save(item: Int) -> String { return load() }
        }
        struct Box { var x = 1 }
        protocol Runs { func go() }
        extension Store { func x() {} }
        """,
        "class Store, method Store.save, struct Box, interface Runs, method Runs.go, class Store, method Store.x",
    ),
    "a.scala": (
        """
        package shop
        // Keeps things.
        class Store(size: Int) extends Base {
          def save(item: Int): String = load()
        }
        trait Runs { def run: Int }
        object Main { val limit = 3 }
        """,
        "class Store, method Store.save, trait Runs, method Runs.run, object Main",
    ),
    "a.lua": (
        """
        -- Keeps things.
        function save(item) load() end
        local function hidden() end
        function Store.open() end
        function Store:close() end
        """,
        "function save, function hidden, function Store.open, function Store.close",
    ),
    "a.sh": (
        """
        #!/bin/bash
        set -e

        # Keeps things.
        save() {
          load "$1"
        }
        function load { echo "$1"; }
        save x
        """,
        "function save, function load",
    ),
    "a.sql": (
        """
        -- Keeps things.
        CREATE TABLE app.orders (id int PRIMARY KEY);
        CREATE VIEW totals AS SELECT count(*) FROM app.orders;
        CREATE FUNCTION add(a int) RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql;
        SELECT * FROM totals;
        """,
        "table app.orders, view totals, function add",
    ),
    "a.md": (
        """
        # Guide
        Some words.

        ## Use `save`
        ```python
        # not a heading
        ```

        # End
        """,
        "section Guide, section Guide.Use save, section End",
    ),
}


@pytest.mark.parametrize("path", SOURCES)
def test_an_outline_has_every_definition_and_nothing_else(path: str) -> None:
    text, expected = SOURCES[path]
    facts = parse_source(path, dedent(text))
    assert ", ".join(f"{item.kind} {item.qualified_name}" for item in facts.definitions) == expected
    assert (facts.marks, facts.calls) == ((), ())


@pytest.mark.parametrize("path", [path for path in SOURCES if path != "a.md"])
def test_the_comment_above_a_definition_is_its_docstring(path: str) -> None:
    assert parse_source(path, dedent(SOURCES[path][0])).definitions[0].docstring == "Keeps things."


def test_outlines_are_nodes_inside_their_file_without_calls() -> None:
    sources = {path: text for path, (text, _) in SOURCES.items()}
    project = resolve(sources)
    assert {edge.type for edge in project.edges} == {EdgeType.CONTAINS, EdgeType.DEFINES}
    assert "a.Store -> a.Store.save" in edges({"a.kt": sources["a.kt"]}, EdgeType.DEFINES)
