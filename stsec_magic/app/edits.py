"""Changes to one text, inner ones first: an outer change is made of the text that the inner ones left."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple


class _Row(NamedTuple):
    """A span of the text as it was, and what stands there now; an empty span where something was put in."""

    start: int
    end: int
    text: str

    def is_inside(self, start: int, end: int) -> bool:
        """Whether it belongs to a span; what was put in at one of its ends doesn't."""
        if self.start == self.end:
            return start < self.start < end
        return start <= self.start and self.end <= end


class Edits:
    """The changes to a text."""

    def __init__(self, text: str) -> None:
        """Take a text that has none yet."""
        self._text = text
        self._rows: list[_Row] = []  # from left to right

    def replace(self, start: int, end: int, text: str) -> None:
        """Put something in a span's place; what was changed inside of it is gone, what was put in before it stays.

        Args:
            start: Offset of the span's first character, in the text as it was.
            end: Just past its last.
            text: What is to stand there.

        Raises:
            ValueError: Another change reaches over an end of the span.
        """
        first = last = self._behind_put_in(start)
        while last < len(self._rows) and self._rows[last].start < end:
            last += 1
        inside = self._rows[first:last]
        if (first and self._rows[first - 1].end > start) or any(row.end > end for row in inside):
            raise ValueError("changes overlap")
        self._rows[first:last] = [_Row(start, end, text)]

    def insert(self, at: int, text: str) -> None:
        """Put something in; after what was put in at the same place before.

        Args:
            at: Offset in the text as it was.
            text: What is put in.
        """
        self._rows.insert(self._behind_put_in(at), _Row(at, at, text))

    def text(self, start: int | None = None, end: int | None = None) -> str:
        """A stretch of the text as it is now, without what was put in before or behind it.

        Args:
            start: Where it begins, in the text as it was; None for the text's beginning and what was put in there.
            end: Just past it; None for the text's end and what was put in there.
        """
        is_whole = start is None and end is None
        first, last = 0 if start is None else start, len(self._text) if end is None else end
        out: list[str] = []
        at = first
        for i in range(self._first_from(first), len(self._rows)):
            row = self._rows[i]
            if row.start > last:
                break
            if is_whole or row.is_inside(first, last):
                out += (self._text[at : row.start], row.text)
                at = row.end
        return "".join([*out, self._text[at:last]])

    def _first_from(self, at: int) -> int:
        return bisect_left(self._rows, at, key=lambda row: row.start)

    def _behind_put_in(self, at: int) -> int:
        """The place among the rows behind all that was put in at an offset."""
        place = self._first_from(at)
        while place < len(self._rows) and self._rows[place].start == self._rows[place].end == at:
            place += 1
        return place

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._rows)
