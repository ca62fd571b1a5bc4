"""Real texts for a large workspace: the docstrings of the packages that the server itself stands on."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from pathlib import Path
from sysconfig import get_path

PACKAGES = ("django", "rest_framework", "celery", "kombu", "redis", "psycopg")
SHORTEST, LONGEST = 80, 600
_INSTALLED = Path(get_path("purelib"))
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def read_texts(count: int, *, seed: int = 5) -> list[str]:
    """So many different docstrings of 80 to 600 characters, their white space made single, in a seeded order."""
    found = sorted({" ".join(text.split()) for name in PACKAGES for text in _list_docstrings(_INSTALLED / name)})
    fitting = [text for text in found if SHORTEST <= len(text) <= LONGEST]
    return random.Random(seed).sample(fitting, count)


def _list_docstrings(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, _DOCUMENTED):
                yield ast.get_docstring(node) or ""
