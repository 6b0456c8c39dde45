"""Secrets in base64 that has to stay what it is: images, attachments, data URIs."""

from __future__ import annotations

import re
from bisect import bisect_right

from stsec_magic.redact.known import Place

_BASE64 = re.compile(r"[A-Za-z0-9+/_=\s-]*+")
_DATA_URI = re.compile(r";base64,(?:[A-Za-z0-9+/_=-]|\\{0,4}[\r\n]|\\{1,4}[nr])*+")
_LETTERS = re.compile(r"\\{1,4}[nr]|[A-Za-z0-9+/_-]")


def is_base64(text: str) -> bool:
    """Whether a text is nothing but base64, wrapped or not."""
    return _BASE64.fullmatch(text) is not None


def fitted(text: str, places: list[Place], *, whole: bool) -> list[Place]:
    """Places of which those in base64 give way to letters of the same number.

    Args:
        text: A stored text.
        places: From left to right.
        whole: Whether all of the text is base64 that somebody decodes.
    """
    if whole and is_base64(text):
        return [_lettered(text, place) for place in places]
    if not places or ";base64," not in text:
        return places
    starts, ends = zip(*((match.start(), match.end()) for match in _DATA_URI.finditer(text)), strict=True)
    return [_lettered(text, place) if _within(place, starts, ends) else place for place in places]


def _within(place: Place, starts: tuple[int, ...], ends: tuple[int, ...]) -> bool:
    i = bisect_right(starts, place.start) - 1
    return i >= 0 and place.end <= ends[i]


def _lettered(text: str, place: Place) -> Place:
    stood = text[place.start : place.end]
    return Place(place.start, place.end, _LETTERS.sub(lambda m: m[0] if m[0][0] == "\\" else "A", stood))
