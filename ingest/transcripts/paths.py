"""Paths of tools made relative to the project, so that two people's checkouts speak of the same file."""

from __future__ import annotations

import posixpath
import re

_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def relative_to_project(path: str, cwd: str | None, root: str | None = None) -> str:
    r"""Give `path` relative to the project if it lies inside, else normalised and absolute.

    The project is `root` if the path lies there (a session may have changed into a subdirectory), else
    `cwd`. A relative path starts from `cwd`. `C:\app\src\a.py` with `cwd=r"c:\app"` is `src/a.py`.
    """
    absolute = _normalise(path, cwd)
    for base in (root, cwd):
        inside = _strip_base(absolute, base)
        if inside is not None:
            return inside
    return absolute


def _normalise(path: str, cwd: str | None) -> str:
    slashed = _slashed(path, is_windows=_is_windows(path) or _is_windows(cwd or ""))
    if slashed.startswith("/") or _is_windows(path):
        return posixpath.normpath(slashed)
    base = _slashed(cwd, is_windows=_is_windows(cwd)) if cwd else ""
    return posixpath.normpath(posixpath.join(base, slashed))


def _strip_base(absolute: str, base: str | None) -> str | None:
    if not base:
        return None
    is_windows = _is_windows(base)
    prefix = posixpath.normpath(_slashed(base, is_windows=is_windows))
    fold = str.lower if is_windows else str
    if fold(absolute) == fold(prefix):
        return "."
    prefix = prefix.rstrip("/") + "/"
    return absolute[len(prefix) :] if fold(absolute).startswith(fold(prefix)) else None


def _is_windows(path: str) -> bool:
    return _WINDOWS.match(path) is not None


def _slashed(path: str, *, is_windows: bool) -> str:
    return path.replace("\\", "/") if is_windows else path
