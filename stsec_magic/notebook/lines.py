"""Lines of a text, counted in whole or looked for around a place."""

from __future__ import annotations

import re
from bisect import bisect_right


class Lines:
    r"""Offsets to lines and columns; lines split on ``\n`` alone."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        """Index a text."""
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a code point offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, line: int) -> int:
        """Offset of a line's first character; the line counts from 1."""
        return self._starts[min(line, len(self._starts)) - 1]

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self._starts)


def line_start(text: str, offset: int, reach: int) -> int:
    """Where the line of an offset begins, but no more than ``reach`` characters before it.

    A line may be the whole of a large output: looking for its ends at every finding in it would
    cost quadratic time.
    """
    low = max(0, offset - reach)
    at = text.rfind("\n", low, offset)
    return low if at < 0 else at + 1


def line_end(text: str, offset: int, reach: int) -> int:
    """Where the line of an offset ends, but no more than ``reach`` characters behind it."""
    high = min(len(text), offset + reach)
    at = text.find("\n", offset, high)
    return high if at < 0 else at
