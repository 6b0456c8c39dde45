"""Text from a notebook or a file name, made harmless for a terminal."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    """A text on one line: what would move the cursor or turn the writing round is shown as an escape."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def one_for_one(text: str) -> str:
    """The same with one character for one, so that columns stay true."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "·" for c in text)


def width(text: str) -> int:
    """How many columns of a terminal a text takes: East Asian letters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_width(c) for c in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
