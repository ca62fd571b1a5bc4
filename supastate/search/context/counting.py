"""How many tokens a text takes: an estimate that errs upwards, the same for every model."""

from __future__ import annotations

BYTES_PER_TOKEN = 3
WIDE_BYTES_PER_TOKEN = 2
MESSAGE_TOKENS = 4
"""What a chat format adds to a message: its role and marks."""


def count_tokens(text: str) -> int:
    """Return one token for three bytes of ASCII and for two bytes of UTF-8 beyond it.

    English prose and code take four and more bytes a token, Chinese some three; tokenizers themselves load their
    tables over the network. The counts of two texts add up to no less than that of both together.
    """
    every = len(text.encode())
    if text.isascii():
        return -(-every // BYTES_PER_TOKEN)
    plain = len(text.encode("ascii", "ignore"))
    return -(-plain // BYTES_PER_TOKEN) - (-(every - plain) // WIDE_BYTES_PER_TOKEN)
