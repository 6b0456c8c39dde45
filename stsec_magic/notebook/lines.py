"""Lines of a text, counted in whole or looked for around a place."""

from __future__ import annotations


class Lines:
    r"""Offsets to lines and columns; lines split on ``\n`` alone.

    Counts on from the place asked for last, so that places asked for in order cost one pass.
    """

    __slots__ = ("_line", "_offset", "_start", "_text")

    def __init__(self, text: str) -> None:
        """Take a text."""
        self._text = text
        self._offset, self._line, self._start = 0, 1, 0

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a code point offset."""
        if offset >= self._offset:
            self._line += self._text.count("\n", self._offset, offset)
            last = self._text.rfind("\n", self._offset, offset)
            self._start = self._start if last < 0 else last + 1
        elif offset < self._start:
            self._line -= self._text.count("\n", offset, self._start)
            self._start = self._text.rfind("\n", 0, offset) + 1
        self._offset = offset
        return self._line, offset - self._start + 1


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
