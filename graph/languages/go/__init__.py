"""Go."""

from __future__ import annotations

from pathlib import Path

import tree_sitter_go

from graph.languages.go.extraction import extract
from graph.languages.go.modules import GoLocator, name_package, read_manifest
from graph.languages.language import Dialect, Language, Rules, words

_FOLDER = Path(__file__).parent

LANGUAGE = Language(
    name="go",
    extensions=("go",),
    rules=Rules(
        constructor="",
        explicit_self=True,
        class_body_binds=False,
        lexical_kinds=frozenset(),
        neutral_bases=frozenset(),
        submodules=False,
        builtins=frozenset(),
        common_methods=words(
            "Add Append Bytes Close Context Copy Delete Do Done Each Encode Decode Err Error Errorf Exec Fatal",
            "Fatalf Find Flush Format Get Handle Header Index Init Int Is Join Kind Len Less Load Lock Log Logf",
            "Name New Next Open Parse Pop Print Printf Println Push Put Query Range Read Remove Reset Run Scan",
            "Seek Send Set Size Start Stop Store String Sub Swap Type Unlock Unwrap Update Value Wait Write",
            "WriteString",
        ),
        closed=True,
    ),
    dialect=lambda _extension: Dialect(tree_sitter_go.language(), (_FOLDER / "queries.scm",)),
    extract=extract,
    make_locator=GoLocator,
    family="go",
    name_package=name_package,
    manifests=frozenset({"go.mod"}),
    read_manifest=read_manifest,
)
