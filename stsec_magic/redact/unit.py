"""Strings of a notebook that are read as one text: a multi-line string, streams that follow each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from stsec_magic.redact import in_binary
from stsec_magic.redact.in_code import masked_code
from stsec_magic.redact.known import Place, merged, put

Json = Any
"""Any JSON value; as a key, an index or an object's key."""

Slot = tuple[Json, Json]
"""A list or an object, and the index or key of a string in it."""

Find = Callable[[str], list[Place]]


@dataclass(frozen=True, slots=True)
class Unit:
    """Strings that are one text.

    Attributes:
        slots: Where each of them stands.
        joint: What joins them.
        language: What the text is written in, where it is a code cell's source.
        binary: Whether it is base64 that somebody decodes.
    """

    slots: list[Slot] = field(repr=False)
    joint: str = ""
    language: str | None = None
    binary: bool = False

    @property
    def text(self) -> str:
        """The whole text."""
        return self.joint.join([holder[at] for holder, at in self.slots])

    def mask(self, find: Find) -> int:
        """Mask what is found, in place.

        Args:
            find: Gives the places of a text.

        Returns:
            How many places there were.
        """
        text = self.text
        places = merged(find(text))
        if not places:
            return 0
        if self.language is not None:
            self._write_code(text, places, self.language)
        else:
            self._write(in_binary.fitted(text, places, whole=self.binary))
        return len(places)

    def _write_code(self, text: str, places: list[Place], language: str) -> None:
        made = masked_code(text, places, language)
        if len(self.slots) > 1 and made == put(text, places):
            self._write(places)
        else:
            self._write_lines(made)

    def _write_lines(self, text: str) -> None:
        """A text over the strings of a list as nbformat cuts it: at line ends."""
        lines = text.splitlines(keepends=True)
        last = len(self.slots) - 1
        for i, (holder, at) in enumerate(self.slots):
            holder[at] = "".join(lines[i:]) if i == last else "".join(lines[i : i + 1])

    def _write(self, places: Iterable[Place]) -> None:
        strings = [holder[at] for holder, at in self.slots]
        starts = [0, *accumulate(len(each) + len(self.joint) for each in strings)][: len(strings)]
        pieces: list[list[Place]] = [[] for _ in strings]
        for start, end, mask, kept in places:
            # The mask stands where the secret begins; of what follows only the end of the last string may stay.
            i = max(0, bisect_right(starts, start) - 1)
            last = max(i, bisect_right(starts, end - 1) - 1)
            for n in range(i, last + 1):
                first, length = max(0, start - starts[n]), len(strings[n])
                stop = min(length, end - starts[n])
                if n == i:
                    pieces[n].append(Place(min(first, length), stop, mask, kept))
                elif stop > first:
                    pieces[n].append(Place(first, stop, ""))
        for (holder, at), string, several in zip(self.slots, strings, pieces, strict=True):
            if several:
                holder[at] = put(string, several)


def unit_of(
    holder: Json, at: Json, joint: str = "", language: str | None = None, *, binary: bool = False
) -> Unit | None:
    """The unit that a value is.

    Args:
        holder: A list or an object.
        at: The index or key of the value in it.
        joint: What joins the strings of a list.
        language: What a code cell is written in.
        binary: Whether it is base64 that somebody decodes.

    Returns:
        None where the value holds no string itself.
    """
    value = holder[at]
    if isinstance(value, str):
        return Unit([(holder, at)], joint, language, binary)
    if not isinstance(value, list):
        return None
    slots = [(value, i) for i, each in enumerate(value) if isinstance(each, str)]
    return Unit(slots, joint, language, binary) if slots else None
