"""Where known values stand in a text, in whatever way they are written there."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple, NoReturn

import ahocorasick_rs

from stsec_magic.model.secret import Secret
from stsec_magic.project.secret_files import Kept
from stsec_magic.rules.known_secret import ways

_SURROGATE = re.compile("[\ud800-\udfff]")

_HEAD = 24
_REST = 12
"""A value's beginning of so many characters is looked for as well, where so many more follow: tables and
reprs cut long texts."""

_LONGEST_TAIL = 8192


class Place(NamedTuple):
    """Where a value stands in a text.

    Attributes:
        start: Its first character.
        end: Behind its last one.
        kept: The value.
    """

    start: int
    end: int
    kept: Kept


class Written:
    """Some values, ready to be looked for. Frozen once made, so that threads may share it."""

    __slots__ = ("_automaton", "_first", "_inside", "_longest", "_rows", "_shortest", "_sorted")

    def __init__(self, kept: Iterable[Kept]) -> None:
        """Make the automaton.

        Args:
            kept: The values.
        """
        rows: dict[str, tuple[Kept, str]] = {}
        for each in kept:
            for way in _all_ways(each.value):
                rows.setdefault(way, (each, way))
        self._sorted = sorted(rows)
        for each in kept:
            head = _head(each.value)
            if head:
                rows.setdefault(head, (each, each.value))
        self._rows = list(rows.values())
        self._shortest = min(map(len, rows), default=0)
        self._longest = min(max(map(len, rows), default=0), _LONGEST_TAIL)
        self._inside = "".join(sorted(set("".join(way[:-1] for way in self._sorted))))
        self._first = frozenset(way[0] for way in self._sorted)
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._automaton = ahocorasick_rs.AhoCorasick(list(rows), matchkind=kind) if rows else None

    def places(self, text: str) -> list[Place]:
        """Where any value stands, from left to right; none overlaps another.

        Args:
            text: Any text.
        """
        if self._automaton is None or len(text) < self._shortest:
            return []
        found = self._automaton.find_matches_as_indexes(text if text.isascii() else _SURROGATE.sub("\ufffd", text))
        places: list[Place] = []
        last = 0
        for number, start, end in found:
            kept, whole = self._rows[number]
            last_of_whole = min(start + len(whole), len(text))
            while end < last_of_whole and text[end] == whole[end - start]:
                end += 1  # noqa: PLW2901  a head goes on as far as the value does
            if start >= last:
                places.append(Place(start, end, kept))
                last = end
        return places

    def tail(self, text: str) -> int:
        """How many characters at the end of a text may be a value's beginning.

        Args:
            text: Any text.
        """
        length = len(text)
        # Only the last characters that may stand inside of a value.
        first = max(len(text.rstrip(self._inside)), length - self._longest)
        for at in range(first, length):
            if text[at] in self._first and self._begins(text[at:]):
                return length - at
        return 0

    def is_clear(self, text: str) -> bool:
        """Whether one glance tells that no value stands in a text, and none begins at its end.

        Args:
            text: Any text; a long one is never told at a glance.
        """
        return len(text) < self._shortest and not (text and text[-1] in self._inside)

    def _begins(self, text: str) -> bool:
        at = bisect_right(self._sorted, text)
        return at < len(self._sorted) and self._sorted[at].startswith(text)

    def __repr__(self) -> str:
        """How many, and no more."""
        return f"Written({len(self._rows)} ways)"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied.

        Raises:
            TypeError: Always.
        """
        raise TypeError("known secrets stay in their process")


def mask_of(kept: Kept) -> str:
    """What is shown instead of a value.

    Args:
        kept: The value.
    """
    return Secret(kept.value).masked


def masked(text: str, places: Iterable[Place], start: int = 0, end: int | None = None) -> str:
    """A text with a mask at each place.

    Args:
        text: The text.
        places: From left to right.
        start: What stands before it was written already, and is left out.
        end: The same for what follows.
    """
    out: list[str] = []
    at = start
    for place in places:
        if place.end > start:
            out += (text[at : max(at, place.start)], mask_of(place.kept))
            at = place.end
    return "".join([*out, text[at:end]])


def _all_ways(value: str) -> set[str]:
    found = {
        *ways(value),
        repr(value)[1:-1],
        html.escape(value),
        html.escape(value, quote=False),
        html.escape(value).replace("&#x27;", "&#39;"),
    }
    if "-----BEGIN" in value:
        found |= {line for line in value.split() if len(line) >= _HEAD and "-----" not in line}
    return {_SURROGATE.sub("\ufffd", each) for each in found}


def _head(value: str) -> str:
    """The beginning by which a value is known, if it is not one that others share."""
    if "://" in value or "-----BEGIN" in value:
        return ""
    # The first part of a JSON web token says how it is signed, and is the same for most of them.
    start = value.find(".") + 1 if value.startswith("eyJ") else 0
    return value[: start + _HEAD] if len(value) >= start + _HEAD + _REST else ""
