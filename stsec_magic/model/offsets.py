"""Offsets of a derived text (escapes or tags taken out) led back to the text it came from."""

from __future__ import annotations

import re
from array import array
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

    Most texts hold no finding, so the pieces are asked for only as far as somebody asks for an offset.
    """

    __slots__ = ("_at", "_length", "_literal", "_make", "_pieces", "_sources", "_starts")

    def __init__(self, pieces: Callable[[], Iterable[Piece]], source_length: int) -> None:
        """Remember how the text is put together.

        Args:
            pieces: Gives the runs of the derived text, in the order of the source.
            source_length: Length of the source text.
        """
        self._make = pieces
        self._pieces: Iterator[Piece] | None = None
        self._length = source_length
        self._at = 0
        """Length of the runs so far."""
        # For each run: where it begins in the derived text and in the source, and whether it stands there.
        self._starts, self._sources, self._literal = array("q"), array("q"), bytearray()

    def start(self, offset: int) -> int:
        """Where in the source the character at ``offset`` begins."""
        return self._source(offset, 0)

    def end(self, offset: int) -> int:
        """Where in the source a span ends whose exclusive end is ``offset``."""
        return self._source(offset - 1, 1)

    def _source(self, offset: int, past: int) -> int:
        self._read(offset)
        i = bisect_right(self._starts, offset) - 1
        if i < 0:
            return 0
        is_last = i + 1 == len(self._starts)
        start = self._sources[i]
        if self._literal[i]:
            length = (self._at if is_last else self._starts[i + 1]) - self._starts[i]
            return start + min(offset - self._starts[i] + past, length)
        # It was made from all that stands before the next run.
        return start if not past else self._length if is_last else self._sources[i + 1]

    def _read(self, offset: int) -> None:
        """Take pieces until one begins past an offset."""
        if self._pieces is None:
            self._pieces = iter(self._make())
        starts = self._starts
        while not starts or starts[-1] <= offset:
            piece = next(self._pieces, None)
            if piece is None:
                return
            text, source, literal = piece
            if text:
                starts.append(self._at)
                self._sources.append(source)
                self._literal.append(literal)
                self._at += len(text)


def substitute(
    pattern: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str], text: str
) -> tuple[str, OffsetMap]:
    """Replace every match of a pattern and keep the way back.

    Args:
        pattern: What to replace.
        replacement: By what; a string stands for itself.
        text: The source text.

    Returns:
        The derived text, and the map from its offsets to the source's.
    """

    def pieces() -> Iterator[Piece]:
        at = 0
        for match in pattern.finditer(text):
            yield Piece(text[at : match.start()], at, literal=True)
            yield Piece(replacement if isinstance(replacement, str) else replacement(match), match.start(), False)
            at = match.end()
        yield Piece(text[at:], at, literal=True)

    return pattern.sub(replacement, text), OffsetMap(pieces, len(text))
