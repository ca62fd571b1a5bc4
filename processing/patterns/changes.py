"""What the edits of a session changed, word by word: names that became others, lines that left and arrived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from processing.patterns.reading import Step
from processing.patterns.shell_words import split_command

MOST_TOKENS = 400
TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|[^\w\s]")
NAME = re.compile(r"^[^\W\d]\w{2,79}$")
LEFT_OUT = re.compile(r"\n\[… \d+ characters left out …\]\n")
# Words before a name that make its place a definition.
DEFINING = frozenset({"def", "class", "function", "func", "fn", "const", "let", "var", "type", "interface"})
DEFINING |= {"struct", "enum", "trait", "module", "record", "namespace", "macro_rules", "TABLE", "COLUMN"}
SHORTEST_LINE = 12
MOVED = re.compile(r"^(?:git )?mv\b")


@dataclass(frozen=True, slots=True)
class Renaming:
    """A name that became another in one change; `defines` where the name is defined."""

    old: str
    new: str
    defines: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One edit of a file: the words before and after, and where the memory tells it."""

    step: Step
    path: str
    old: str
    new: str
    start: int
    end: int

    @property
    def removed(self) -> frozenset[str]:
        """Lines that only the old words have; short ones, braces and the like, tell nothing."""
        return _lines(self.old) - _lines(self.new)

    @property
    def added(self) -> frozenset[str]:
        """Lines that only the new words have."""
        return _lines(self.new) - _lines(self.old)


def read_changes(step: Step) -> Iterator[Change]:
    """Yield the changes that a call tells: of an edit each, of a written file the whole as new."""
    for path in step.files("edit"):
        for told in step.tool.get("changes", ()):
            old, new = (
                LEFT_OUT.sub("\n", step.beginning[first:past])
                for first, past in ((told["start"], told["middle"]), (told["new"], told["end"]))
            )
            yield Change(step, path, old, new, told["start"], told["end"])
    for path in step.files("write"):
        written = step.beginning.partition("\n")[2]
        yield Change(step, path, "", LEFT_OUT.sub("\n", written), 0, len(step.beginning))


def read_moved_file(command: str) -> tuple[str, str] | None:
    """Return (from, to) of a command that only moves one file."""
    found: tuple[str, str] | None = None
    for segment in split_command(command) or ():
        if not MOVED.match(" ".join(segment.words[:2])):
            continue
        paths = [word for word in segment.words if not word.startswith("-") and word not in {"git", "mv"}]
        if len(paths) != 2 or found is not None:
            return None
        found = (paths[0], paths[1])
    return found


def find_renamings(change: Change) -> list[Renaming]:
    """Return the names that one change replaced by others, each where the words around it stayed."""
    old, new = (TOKEN.findall(text)[:MOST_TOKENS] for text in (change.old, change.new))
    if not old or not new:
        return []
    pairs: dict[tuple[str, str], bool] = {}
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "replace" and old_to - old_from == new_to - new_from:
            for place in range(old_to - old_from):
                pair = (old[old_from + place], new[new_from + place])
                defines = _is_definition(old, old_from + place)
                pairs[pair] = pairs.get(pair, False) or defines
    return [
        Renaming(*pair, defines)
        for pair, defines in pairs.items()
        # A name that is still there was not renamed: it was joined by another.
        if NAME.match(pair[0]) and NAME.match(pair[1]) and pair[0] not in new and pair[1] not in old
    ]


def count_uses(change: Change, name: str) -> int:
    """Return how often a name stood in the old words."""
    return TOKEN.findall(change.old).count(name)


def find_name(lines: frozenset[str]) -> str:
    """Return the name that lines define, '' if none."""
    for line in sorted(lines):
        for before, name in pairwise(TOKEN.findall(line)):
            if before in DEFINING:
                return str(name)
    return ""


def _is_definition(tokens: list[str], place: int) -> bool:
    before = tokens[place - 1] if place else ""
    after = tokens[place + 1] if place + 1 < len(tokens) else ""
    further = tokens[place + 2] if place + 2 < len(tokens) else ""
    is_assigned = after == "=" and further != "=" and before not in {"(", ",", "."}
    return before in DEFINING or is_assigned


def _lines(text: str) -> frozenset[str]:
    return frozenset(line for raw in text.splitlines() if len(line := raw.strip()) >= SHORTEST_LINE)
