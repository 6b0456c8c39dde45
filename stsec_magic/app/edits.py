"""Changes to one text, inner ones first: an outer change is made of the text that the inner ones left."""

from __future__ import annotations


class Edits:
    """The changes to a text."""

    def __init__(self, text: str) -> None:
        """Take a text that has none yet."""
        self._text = text
        self._rows: list[tuple[int, int, str]] = []

    def replace(self, start: int, end: int, text: str) -> None:
        """Put something in a span's place; what was changed inside of it is gone, what was put in before it stays.

        Args:
            start: Offset of the span's first character, in the text as it was.
            end: Just past its last.
            text: What is to stand there.

        Raises:
            ValueError: Another change reaches over an end of the span.
        """
        rows = [row for row in self._rows if not _is_inside(row, start, end)]
        if any(left < end and start < right for left, right, _ in rows):
            raise ValueError("changes overlap")
        rows.insert(sum(right <= start for _, right, _ in rows), (start, end, text))
        self._rows = rows

    def insert(self, at: int, text: str) -> None:
        """Put something in; after what was put in at the same place before.

        Args:
            at: Offset in the text as it was.
            text: What is put in.
        """
        place = sum(left < at or (left == at and right == at) for left, right, _ in self._rows)
        self._rows.insert(place, (at, at, text))

    def text(self, start: int | None = None, end: int | None = None) -> str:
        """A stretch of the text as it is now, without what was put in before or behind it.

        Args:
            start: Where it begins, in the text as it was; None for the text's beginning and what was put in there.
            end: Just past it; None for the text's end and what was put in there.
        """
        first, last = 0 if start is None else start, len(self._text) if end is None else end
        out: list[str] = []
        at = first
        for row in self._rows:
            is_whole = start is None and end is None
            if is_whole or _is_inside(row, first, last):
                out += (self._text[at : row[0]], row[2])
                at = row[1]
        return "".join([*out, self._text[at:last]])

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._rows)


def _is_inside(row: tuple[int, int, str], start: int, end: int) -> bool:
    left, right, _ = row
    if left == right:  # put in, and not in something's place
        return start < left < end
    return start <= left and right <= end
