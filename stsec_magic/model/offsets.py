"""Offsets of a derived text (escapes or tags taken out) led back to the text it came from."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

Replaced = tuple[int, int, int]
"""A span of the source, and how many characters stand in its place."""


class OffsetMap:
    """Maps offsets of a text in which spans were replaced to offsets of its source.

    Most texts hold no finding, so the replacements are asked for only as far as somebody asks for an offset.
    """

    __slots__ = ("_ends", "_following", "_lengths", "_replaced", "_shift", "_starts", "_targets")

    def __init__(self, replaced: Callable[[], Iterable[Replaced]]) -> None:
        """Remember how the text is made.

        Args:
            replaced: Gives the replacements, in the order of the source.
        """
        self._replaced = replaced
        self._following: Iterator[Replaced] | None = None
        self._shift = 0
        """How much shorter the derived text is so far."""
        # For each replacement: where it begins in the derived text, where in the source, where it ends there, how long.
        self._targets, self._starts, self._ends, self._lengths = array("q"), array("q"), array("q"), array("q")

    def start(self, offset: int) -> int:
        """Where in the source the character at ``offset`` begins."""
        i = self._before(offset)
        if i < 0:
            return max(0, offset)
        inside = offset - self._targets[i]
        return self._starts[i] if inside < self._lengths[i] else self._ends[i] + inside - self._lengths[i]

    def end(self, offset: int) -> int:
        """Where in the source a span ends whose exclusive end is ``offset``."""
        i = self._before(offset - 1)
        if i < 0:
            return max(0, offset)
        return self._ends[i] + max(0, offset - self._targets[i] - self._lengths[i])

    def is_changed(self, start: int, end: int) -> bool:
        """Whether anything was replaced within a span of the derived text."""
        return self._before(end) != self._before(start - 1)

    def _before(self, offset: int) -> int:
        """Number of the last replacement that begins at an offset or before."""
        targets = self._targets
        if not targets or targets[-1] <= offset:
            self._read(offset)
        return bisect_right(targets, offset) - 1

    def _read(self, offset: int) -> None:
        """Take replacements until one begins past an offset."""
        if self._following is None:
            self._following = iter(self._replaced())
        shift = self._shift
        for start, end, length in self._following:
            target = start - shift
            self._targets.append(target)
            self._starts.append(start)
            self._ends.append(end)
            self._lengths.append(length)
            shift += end - start - length
            if target > offset:
                break
        self._shift = shift


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

    def replaced() -> Iterator[Replaced]:
        for match in pattern.finditer(text):
            instead = replacement if isinstance(replacement, str) else replacement(match)
            yield match.start(), match.end(), len(instead)

    return pattern.sub(replacement, text), OffsetMap(replaced)
