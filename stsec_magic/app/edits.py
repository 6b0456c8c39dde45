"""Changes to one text, inner ones first: an outer change is made of the text that the inner ones left."""

from __future__ import annotations

from bisect import bisect_left


class Edits:
    """The changes to a text."""

    def __init__(self, text: str) -> None:
        """Take a text that has none yet."""
        self._text = text
        self._rows: list[tuple[int, int, str]] = []

    def replace(self, start: int, end: int, text: str) -> None:
        """Put something in a span's place; what was changed inside of it is gone.

        Args:
            start: Offset of the span's first character, in the text as it was.
            end: Just past its last.
            text: What is to stand there.

        Raises:
            ValueError: Another change reaches over an end of the span.
        """
        rows = [row for row in self._rows if not (start <= row[0] and row[1] <= end and (row[0], row[1]) != (end, end))]
        if any(left < end and start < right for left, right, _ in rows):
            raise ValueError("changes overlap")
        rows.insert(bisect_left(rows, (start, end)), (start, end, text))
        self._rows = rows

    def insert(self, at: int, text: str) -> None:
        """Put something in; after what was put in at the same place before.

        Args:
            at: Offset in the text as it was.
            text: What is put in.
        """
        place = sum(left < at or (left == at and right == at) for left, right, _ in self._rows)
        self._rows.insert(place, (at, at, text))

    def text(self, start: int = 0, end: int | None = None) -> str:
        """A stretch of the text as it is now.

        Args:
            start: Where it begins, in the text as it was.
            end: Just past it; None for the text's end.
        """
        end = len(self._text) if end is None else end
        out: list[str] = []
        at = start
        for left, right, new in self._rows:
            if start <= left and right <= end and not (left == right == end and end < len(self._text)):
                out += (self._text[at:left], new)
                at = right
        return "".join([*out, self._text[at:end]])

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._rows)
