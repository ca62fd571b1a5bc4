"""Rust."""

from __future__ import annotations

from pathlib import Path

import tree_sitter_rust

from graph.languages.language import Dialect, Language, Rules, words
from graph.languages.rust.extraction import extract
from graph.languages.rust.modules import RustLocator, read_manifest

_FOLDER = Path(__file__).parent

LANGUAGE = Language(
    name="rust",
    extensions=("rs",),
    rules=Rules(
        constructor="<init>",
        explicit_self=True,
        class_body_binds=False,
        lexical_kinds=frozenset({"module"}),
        neutral_bases=words("Send Sync Sized Copy Clone Debug Default Eq PartialEq Ord PartialOrd Hash Unpin"),
        submodules=True,
        builtins=frozenset(),
        common_methods=words(
            "add all and and_then any append apply as_bytes as_mut as_path as_ref as_slice as_str borrow build",
            "bytes call chain chars clear clone close cloned cmp collect contains contains_key context copied",
            "count default deref display drain drop entry enumerate eq err exists expect extend fill filter",
            "filter_map find first flat_map flush fmt fold for_each format from from_str get get_mut",
            "get_or_insert hash id index insert into into_inner into_iter is_empty is_none is_some is_ok is_err",
            "iter iter_mut join keys kind last len lines lock map map_err max min name new next nth ok ok_or open",
            "parse path peek poll pop position push push_str read recv remove replace retain rev run send set",
            "skip sort source spawn split start starts_with state status step sum swap take then to_owned",
            "to_string to_vec trim try_from try_into unwrap unwrap_or update values wait with write write_all zip",
        ),
        closed=True,
    ),
    dialect=lambda _extension: Dialect(tree_sitter_rust.language(), (_FOLDER / "queries.scm",)),
    extract=extract,
    make_locator=RustLocator,
    family="rust",
    manifests=frozenset({"Cargo.toml"}),
    read_manifest=read_manifest,
)
