"""A stored text in every reading in which a value may stand in it as it is, each with a way back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from stsec_magic.model.offsets import OffsetMap, substitute
from stsec_magic.notebook import ansi

_ANSI = r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,256}(?:\x07|\x1b\\))"
_TAG = r"</?[a-zA-Z][a-zA-Z0-9-]{0,30}[^<>]{0,4000}>"
_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31});"
# Two escapes of surrogates are one character.
_PAIR = r"u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPE = rf"\\(?:{_PAIR}|u[0-9a-fA-F]{{4}}|U[0-9a-fA-F]{{8}}|x[0-9a-fA-F]{{2}}|[0-7]{{1,3}}|[\"'\\/abfnrtv\n])"
_PERCENT = r"%(?:[0-7][0-9a-fA-F]|[c-fC-F][0-9a-fA-F](?:%[89abAB][0-9a-fA-F]){1,3})"

# Each begins with a character of its own, which is how the search is quick.
_ALL = re.compile("|".join((_ANSI, _TAG, _ENTITY, _ESCAPE, _PERCENT)))
# Base64 is wrapped, a key continued in the next literal.
_BETWEEN = r"(?:[\s\\+]|#[^\n]{0,200}\n){1,40}[bBfFrRuU]{0,2}"
_GAP = rf"(?:{_BETWEEN})?(?:\"{{1,3}}|'{{1,3}})"
_JOINTS = re.compile(rf"\n\s{{0,80}}|\r\s{{0,80}}|\\{{1,4}}[nr]|\"(?:\"\")?{_GAP}|'(?:'')?{_GAP}")
_MARKUP = re.compile(f"{_ANSI}|{_TAG}")
_QUOTES = re.compile(rf"\"(?:\"\")?{_GAP}|'(?:'')?{_GAP}")

_NAMED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\n": ""}
_DEEPEST = 3
"""Encodings within encodings."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a text.

    Attributes:
        text: What it says.
        maps: Ways back, the last one into the stored text.
        kept: What of a masked stretch stays: markup, the ends of literals.
    """

    text: str = field(repr=False)
    maps: tuple[OffsetMap, ...] = ()
    kept: re.Pattern[str] | None = None

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the reading stands in the stored text."""
        for each in self.maps:
            start, end = each.start(start), each.end(end)
        return start, max(start, end)


def readings(text: str) -> Iterator[Reading]:
    """What a text says other than what stands in it.

    Args:
        text: A stored text.

    Yields:
        Only readings that differ.
    """
    stored = Reading(text)
    if "\x1b" in text:
        yield from _further(stored, ansi.strip, _MARKUP)
    yield from _joined(stored)
    yield from _decoded_deeper(stored)


def _decoded_deeper(reading: Reading) -> Iterator[Reading]:
    """All that is encoded decoded at once, and what then still is."""
    for depth in range(_DEEPEST):
        further = next(_further(reading, lambda text: substitute(_ALL, _decoded, text), _MARKUP), None)
        if further is None:
            return
        yield further
        if not depth:
            yield from _joined(further)
        reading = further


def markup_in(text: str) -> str:
    """The tags and colours in a stretch of a text."""
    return "".join(match[0] for match in _MARKUP.finditer(text))


def quotes_in(text: str) -> str:
    """What stands between the literals that a stretch of code runs over."""
    return "".join(match[0] for match in _QUOTES.finditer(text))


def plain(text: str) -> str:
    """A text with all decoded at once, as ``readings`` do it."""
    return _ALL.sub(_decoded, text)


def joined(text: str) -> str:
    """A text without line ends and what stands between literals, as ``readings`` join it."""
    return _JOINTS.sub("", text)


def _joined(reading: Reading) -> Iterator[Reading]:
    yield from _further(reading, lambda text: substitute(_JOINTS, "", text), _QUOTES)


def _further(
    reading: Reading, decode: Callable[[str], tuple[str, OffsetMap | None]], kept: re.Pattern[str] | None = None
) -> Iterator[Reading]:
    text, back = decode(reading.text)
    if back is not None and text != reading.text:
        yield Reading(text, (back, *reading.maps), kept)


def _decoded(match: re.Match[str]) -> str:
    found = match[0]
    first = found[0]
    if first in "\x1b<":
        return ""
    if first == "&":
        return _character(found)
    if first == "%":
        return bytes.fromhex(found.replace("%", "")).decode("utf-8", "replace")
    return _unescaped(found[1:])


def _character(entity: str) -> str:
    if entity[1] == "#":
        code = int(entity[3:-1], 16) if entity[2] in "xX" else int(entity[2:-1])
        if code < 0x80:  # what HTML makes nothing of, too
            return chr(code)
    return html.unescape(entity)


def _unescaped(escape: str) -> str:
    if len(escape) == 1 and not escape.isdigit():
        return _NAMED.get(escape, escape)
    if "\\" in escape:
        high, low = int(escape[1:5], 16), int(escape[7:], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
    code = int(escape, 8) if escape[0].isdigit() else int(escape[1:], 16)
    return chr(code) if code < 0x110000 else "\ufffd"
