"""Where identifiers stand in a program's text: which cells are worth a walk, told without a tree."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

_BREAK = "\0"
# What follows a name that gets a meaning: it isn't called, indexed or asked for an attribute.
_IS_BOUND = re.compile(r"[ \t]*(?:[,:)\]=;\\#]|(?:[-+*/%@&|^]|//|\*\*|<<|>>)=|in\b|as\b|\r?(?:[\n\0]|\Z))")
_IS_DEFINED = re.compile(r"(?:\b(?:def|class|import|as)[ \t]{1,80}|\*\*|\n[ \t]{1,40}case\b[^\n]{1,80})\Z")
_BEFORE = 90
_WORD = re.compile(r"\w+")
_MANY = 40
"""After so many look-ups in a long text an index of all its words has paid for itself."""
_LONG = 50_000


class Occurrences:
    """The text of all cells, for look-ups of single identifiers."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Take the texts of a program's cells, in order."""
        self._text = _BREAK.join(texts)
        self._starts: list[int] = []
        at = 0
        for text in texts:
            self._starts.append(at)
            at += len(text) + 1
        self._naming: dict[str, frozenset[int]] = {}
        self._lookups = 0

    def naming(self, words: Iterable[str]) -> set[int]:
        """The cells in which any of some identifiers stands.

        Args:
            words: The identifiers.

        Returns:
            The cells' numbers.
        """
        found: set[int] = set()
        for word in words:
            if word not in self._naming:
                self._naming[word] = frozenset(cell for cell, _ in self._each(word, once=True))
            found |= self._naming[word]
        return found

    def binding(self, word: str) -> list[int]:
        """The cells that may give an identifier a meaning, told by what stands around it.

        Args:
            word: The identifier.

        Returns:
            The cells' numbers, in order.
        """
        text = self._text
        found: list[int] = []
        for cell, at in self._each(word, once=False):
            if found and found[-1] == cell:
                continue
            is_bound = _IS_BOUND.match(text, at + len(word)) and text[at - 1 : at] != "."
            if is_bound or _IS_DEFINED.search(text, max(0, at - _BEFORE), at):
                found.append(cell)
        return found

    def _each(self, word: str, *, once: bool) -> Iterator[tuple[int, int]]:
        """Cell and offset of each occurrence as a whole word; of the first in each cell, if once."""
        self._lookups += 1
        if self._lookups > _MANY and len(self._text) > _LONG:
            return self._indexed(word, once=once)
        return self._sought(word, once=once)

    def _indexed(self, word: str, *, once: bool) -> Iterator[tuple[int, int]]:
        last = -1
        for at in self._offsets.get(word, ()):
            cell = bisect_right(self._starts, at) - 1
            if not once or cell != last:
                yield cell, at
            last = cell

    @cached_property
    def _offsets(self) -> dict[str, list[int]]:
        """Where every word stands."""
        found: dict[str, list[int]] = {}
        for match in _WORD.finditer(self._text):
            found.setdefault(match[0], []).append(match.start())
        return found

    def _sought(self, word: str, *, once: bool) -> Iterator[tuple[int, int]]:
        text, length, starts = self._text, len(word), self._starts
        at = text.find(word) if word else -1
        while at >= 0:
            end = at + length
            following = end
            if not (_is_part(text[at - 1 : at]) or _is_part(text[end : end + 1])):
                cell = bisect_right(starts, at) - 1
                yield cell, at
                if once:
                    if cell + 1 == len(starts):
                        return
                    following = starts[cell + 1]
            at = text.find(word, following)


def _is_part(character: str) -> bool:
    """Whether a character goes on with an identifier."""
    return character == "_" or character.isalnum()
