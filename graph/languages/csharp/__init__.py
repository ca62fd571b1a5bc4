"""C#."""

from __future__ import annotations

from pathlib import Path

import tree_sitter_c_sharp

from graph.languages.csharp.extraction import CONSTRUCTOR, extract
from graph.languages.csharp.modules import CSharpLocator
from graph.languages.language import Dialect, Language, Rules, words

_FOLDER = Path(__file__).parent

LANGUAGE = Language(
    name="csharp",
    extensions=("cs",),
    rules=Rules(
        constructor=CONSTRUCTOR,
        explicit_self=False,
        class_body_binds=True,
        lexical_kinds=frozenset(),
        neutral_bases=frozenset({"Object"}),
        submodules=True,
        builtins=frozenset(),
        common_methods=words(
            "Add AddRange Aggregate All Any Append AppendLine AsQueryable AsTask Average Cast Clear Clone",
            "Close Compare CompareTo Concat Contains ContainsKey CopyTo Count Create Delete Dequeue Dispose",
            "Distinct ElementAt Enqueue Equals Except Execute Exists Find First FirstOrDefault ForEach",
            "Format Get GetAwaiter GetEnumerator GetHashCode GetResult GetType GetValue GroupBy Handle",
            "IndexOf Insert Invoke Is Join Last LastOrDefault Load Log Map Max Min MoveNext Next OfType",
            "OrderBy Parse Peek Pop Process Push Read Remove Replace Reset Resolve Reverse Run Save Select",
            "SelectMany SequenceEqual Set Single SingleOrDefault Skip Sort Split Start Stop Substring Sum",
            "Take ToArray ToDictionary ToList ToLower ToString ToUpper Trim TryGetValue TryParse Union",
            "Update Validate Value Wait Where Write WriteLine Zip",
        ),
        super_name="base",
        implicit_members=True,
        closed=True,
        unseen_imports=True,
    ),
    dialect=lambda _extension: Dialect(tree_sitter_c_sharp.language(), (_FOLDER / "queries.scm",)),
    extract=extract,
    make_locator=CSharpLocator,
    family="csharp",
)
