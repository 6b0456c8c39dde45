"""The values that are masked, and where they stand in a stored text, in whatever way they are written there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import ahocorasick_rs

from stsec_magic.redact.forms import Form, forms, is_wide
from stsec_magic.redact.readings import Reading, readings

_SURROGATE = re.compile("[\ud800-\udfff]")


class Place(NamedTuple):
    """A stretch of a stored text that holds a secret.

    Attributes:
        start: Its first character.
        end: Just past its last one.
        mask: What stands there instead.
        kept: What of the stretch is no secret and stays behind the mask.
    """

    start: int
    end: int
    mask: str
    kept: str = ""


class Known:
    """Some values, ready to be looked for."""

    __slots__ = ("_automaton", "_clear", "_numbers", "_rows", "_shortest")

    def __init__(self, masks: Mapping[str, str]) -> None:
        """Make the automaton.

        Args:
            masks: Each value's mask; those that may stand somewhere by chance are left out.
        """
        rows: dict[str, tuple[Form, str]] = {}
        wide = {value: mask for value, mask in masks.items() if is_wide(value)}
        for value, mask in wide.items():
            for form in forms(value):
                rows.setdefault(_writable(form.known_by), (form._replace(whole=_writable(form.whole)), mask))
        self._rows = list(rows.values())
        self._numbers = wide
        self._shortest = min(map(len, rows), default=0)
        self._clear: set[str] = set()
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._automaton = ahocorasick_rs.AhoCorasick(list(rows), matchkind=kind) if rows else None

    def places(self, text: str) -> list[Place]:
        """Where any value stands in a stored text, from left to right; none overlaps another.

        Args:
            text: The text.
        """
        if self._automaton is None or len(text) < self._shortest or text in self._clear:
            return []
        found = [*self._in(Reading(text), text)]
        # What is found whole needs no decoding: blanked, its places need not be led back from every reading.
        blanked = put(
            text, [Place(each.start, each.end, "\0" * (each.end - each.start)) for each, is_all in found if is_all]
        )
        for reading in readings(blanked):
            found += self._in(reading, blanked)
        if not found:
            self._clear.add(text)
        return merged(place for place, _ in found)

    def mask_of_number(self, number: float) -> str | None:
        """The mask of a number that is a secret as a whole; None for any other.

        Args:
            number: What stands in JSON.
        """
        return self._numbers.get(str(number))

    def _in(self, reading: Reading, text: str) -> Iterator[tuple[Place, bool]]:
        """The places of one reading, and whether each holds all of a value."""
        if self._automaton is None:
            return
        said = _writable(reading.text)
        for number, start, end in self._automaton.find_matches_as_indexes(said):
            (known_by, whole, is_all), mask = self._rows[number]
            if known_by.isdigit() and _goes_on(said, start, end):
                continue
            last = end
            while last < len(said) and last - start < len(whole) and said[last] == whole[last - start]:
                last += 1
            first, behind = reading.source(start, last)
            kept = "" if reading.kept is None else "".join(m[0] for m in reading.kept.finditer(text[first:behind]))
            yield Place(first, behind, mask, kept), is_all

    def __repr__(self) -> str:
        """How many, and no more."""
        return f"Known({len(self._rows)} forms)"


def merged(places: Iterable[Place]) -> list[Place]:
    """Places from left to right, those that overlap as one.

    Args:
        places: In any order.
    """
    found: list[Place] = []
    for place in sorted(places, key=lambda place: (place.start, -place.end, -len(place.mask), place.kept)):
        if found and place.start < found[-1].end:
            before = found[-1]
            if place.end > before.end:
                found[-1] = Place(before.start, place.end, before.mask, before.kept or place.kept)
        elif place.end > place.start:
            found.append(place)
    return found


def put(text: str, places: Iterable[Place]) -> str:
    """A text with a mask at each place.

    Args:
        text: The text.
        places: From left to right.
    """
    out: list[str] = []
    at = 0
    for start, end, mask, kept in places:
        out += (text[at:start], mask, kept)
        at = end
    return "".join([*out, text[at:]])


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether digits are a part of something longer: another number, a digest."""
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()


def _writable(text: str) -> str:
    """A text without the lone surrogates that UTF-8 can't write; of the same length."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)
