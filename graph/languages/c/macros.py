"""Blanks the macros that C and C++ projects put into declarations: no grammar can know what they mean."""

from __future__ import annotations

import re

_IN_CLASS_HEAD = re.compile(
    rb"\b(?:class|struct|union)\s+([A-Z][A-Z0-9_]{2,}(?:\([^()\n]*\))?)(?=\s+[A-Za-z_]\w*\s*[:{;\w])"
)
_BEFORE_DECLARATION = re.compile(
    rb"^[ \t]*([A-Z][A-Z0-9_]*_(?:API|EXPORT|PUBLIC|EXTERN|EXTERNS|INLINE|DECL|DECLS|LOCAL|NOINLINE|END|BEGIN)\b)"
    rb"(?=[ \t]+[A-Za-z_:])",
    re.MULTILINE,
)
_THREAD_SAFETY = re.compile(
    rb"\b((?:GUARDED_BY|PT_GUARDED_BY|(?:EXCLUSIVE|SHARED)_(?:LOCKS_REQUIRED|LOCK_FUNCTION|TRYLOCK_FUNCTION)"
    rb"|ASSERT_(?:EXCLUSIVE|SHARED)_LOCK|UNLOCK_FUNCTION|LOCKS_EXCLUDED|LOCK_RETURNED|ACQUIRED_(?:BEFORE|AFTER)"
    rb"|REQUIRES|ACQUIRE|RELEASE|EXCLUDES)\s*\([^()\n]*\)|SCOPED_LOCKABLE|LOCKABLE|NO_THREAD_SAFETY_ANALYSIS)"
)
_ATTRIBUTE = re.compile(rb"(__attribute__\s*\(\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)\))")


def blank_macros(source: bytes) -> bytes:
    """Return the text with blanks for export, visibility and thread-safety macros."""
    for pattern in (_IN_CLASS_HEAD, _BEFORE_DECLARATION, _THREAD_SAFETY, _ATTRIBUTE):
        source = pattern.sub(_blank, source)
    return source


def _blank(match: re.Match[bytes]) -> bytes:
    whole, (start, end) = match.group(), match.span(1)
    start, end = start - match.start(), end - match.start()
    return whole[:start] + b" " * (end - start) + whole[end:]
