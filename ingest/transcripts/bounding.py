"""Long text cut in the middle: the start says what it is, the end says how it went."""

from __future__ import annotations


def bound_text(text: str, *, max_characters: int) -> str:
    """Give `text` with at most `max_characters` of it left, half from its head and half from its tail."""
    if len(text) <= max_characters:
        return text
    half = max_characters // 2
    left_out = len(text) - 2 * half
    return f"{text[:half]}\n[… {left_out} characters left out …]\n{text[-half:]}"
