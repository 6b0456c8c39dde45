"""Offsets of a derived text (escapes or tags taken out) led back to the text it came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
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
    """Maps offsets of a text that was put together from pieces to offsets of its source.

    Most texts hold no finding, so the map is made when it is first asked.
    """

    __slots__ = ("_length", "_pieces", "_rows", "_starts")

    def __init__(self, pieces: Callable[[], Iterable[Piece]], source_length: int) -> None:
        """Remember how the text is put together.

        Args:
            pieces: Gives the runs of the derived text, in the order of the source.
            source_length: Length of the source text.
        """
        self._pieces = pieces
        self._length = source_length
        self._rows: list[tuple[int, int, bool]] | None = None
        self._starts: list[int] = []

    def start(self, offset: int) -> int:
        """Where in the source the character at ``offset`` begins."""
        return self._source(offset, 0)

    def end(self, offset: int) -> int:
        """Where in the source a span ends whose exclusive end is ``offset``."""
        return self._source(offset - 1, 1)

    def _source(self, offset: int, past: int) -> int:
        rows = self._made()
        i = bisect_right(self._starts, offset) - 1
        if i < 0:
            return 0
        start, end, literal = rows[i]
        if not literal:
            return end if past else start
        return min(start + offset - self._starts[i] + past, end)

    def _made(self) -> list[tuple[int, int, bool]]:
        if self._rows is None:
            runs = [piece for piece in self._pieces() if piece.text]
            self._rows = []
            at = 0
            for i, piece in enumerate(runs):
                following = runs[i + 1].start if i + 1 < len(runs) else self._length
                end = piece.start + len(piece.text) if piece.literal else following
                self._rows.append((piece.start, end, piece.literal))
                self._starts.append(at)
                at += len(piece.text)
        return self._rows


def substitute(
    pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], text: str
) -> tuple[str, OffsetMap]:
    """Replace every match of a pattern and keep the way back.

    Args:
        pattern: What to replace.
        replacement: By what.
        text: The source text.

    Returns:
        The derived text, and the map from its offsets to the source's.
    """

    def pieces() -> Iterator[Piece]:
        at = 0
        for match in pattern.finditer(text):
            yield Piece(text[at : match.start()], at, literal=True)
            yield Piece(replacement(match), match.start(), literal=False)
            at = match.end()
        yield Piece(text[at:], at, literal=True)

    return pattern.sub(replacement, text), OffsetMap(pieces, len(text))
