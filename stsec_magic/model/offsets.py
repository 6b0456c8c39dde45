"""Offsets of a derived text (escapes or tags taken out) led back to the text it came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple


class Piece(NamedTuple):
    """A run of the derived text.

    Attributes:
        text: The derived characters.
        start: Where the run begins in the source text.
        literal: True where it stands there character for character; False where the whole run
            was made from what stands at ``start`` (an entity, a tag that became a space).
    """

    text: str
    start: int
    literal: bool


class OffsetMap:
    """Maps offsets of a text that was put together from pieces to offsets of its source."""

    __slots__ = ("_ends", "_literal", "_sources", "_starts")

    def __init__(self, pieces: Iterable[tuple[int, int, int, bool]]) -> None:
        """Remember the pieces.

        Args:
            pieces: (start in the derived text, start in the source, end in the source, whether
                the run is literal), in order.
        """
        rows = list(pieces)
        self._starts = [row[0] for row in rows]
        self._sources = [row[1] for row in rows]
        self._ends = [row[2] for row in rows]
        self._literal = [row[3] for row in rows]

    def start(self, offset: int) -> int:
        """Where in the source the character at ``offset`` begins."""
        i = bisect_right(self._starts, offset) - 1
        if i < 0:
            return 0
        if not self._literal[i]:
            return self._sources[i]
        return min(self._sources[i] + offset - self._starts[i], self._ends[i])

    def end(self, offset: int) -> int:
        """Where in the source a span ends whose exclusive end is ``offset``."""
        i = bisect_right(self._starts, offset - 1) - 1
        if i < 0:
            return 0
        if not self._literal[i]:
            return self._ends[i]
        return min(self._sources[i] + offset - self._starts[i], self._ends[i])


def join(pieces: Iterable[Piece], source_length: int) -> tuple[str, OffsetMap]:
    """Put pieces together.

    Args:
        pieces: The runs of the derived text, in the order of the source.
        source_length: Length of the source text.

    Returns:
        The derived text, and the map from its offsets to the source's.
    """
    runs = [piece for piece in pieces if piece.text]
    rows = []
    at = 0
    for i, piece in enumerate(runs):
        following = runs[i + 1].start if i + 1 < len(runs) else source_length
        end = piece.start + len(piece.text) if piece.literal else following
        rows.append((at, piece.start, end, piece.literal))
        at += len(piece.text)
    return "".join(piece.text for piece in runs), OffsetMap(rows)
