"""The ways in which a value stands in a text that no decoding of escapes shows: base64, hex, cut off."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from stsec_magic.model import percent
from stsec_magic.redact.readings import joined, plain

SHORTEST = 4
"""A shorter value is masked where it was found, not wherever its letters occur."""

_PLAIN_WORD = 10
"""A longer run of letters is no word of any language."""
_SHORTEST_NUMBER = 6
"""Years, ports and counts have fewer digits."""
_SHORTEST_ENCODED = 7
"""So few characters of base64 stand in no image by chance."""
_BASE64_BITS = 6
_HEAD = 24
_REST = 12
"""A value's beginning of so many characters is looked for as well, where so many more follow."""
_LINE = 24
"""A private key's lines are secrets of their own."""
_URL_SAFE = str.maketrans("+/", "-_")


class Form(NamedTuple):
    """One way in which a value is written.

    Attributes:
        known_by: What is looked for.
        whole: What is masked where it goes on like this.
        is_all: Whether that is all of the value, and not its beginning or one of its lines.
    """

    known_by: str
    whole: str
    is_all: bool = True


def is_wide(value: str) -> bool:
    """Whether a value is so odd that it stands nowhere by chance: it is masked in every text.

    Args:
        value: The value.
    """
    if len(value.strip()) < SHORTEST:
        return False
    if value.isdigit():
        return len(value) >= _SHORTEST_NUMBER
    is_word = value.isalpha() and (value.islower() or value.isupper() or value.istitle())
    return not (is_word and len(value) <= _PLAIN_WORD)


def forms(value: str) -> Iterator[Form]:
    """Every way in which a value may be written, those excepted that ``readings`` decode.

    Args:
        value: The value.
    """
    head = _head(value)
    for text in _plain_forms(value):
        yield Form(text, text)
    for text in _escaped(value):
        for core in _encoded(text):
            yield Form(core, core)
    for line in _lines(value):
        for text in (line, *_encoded(line)):
            yield Form(text, text, is_all=False)
    if head:
        yield Form(head, value, is_all=False)
        for short, whole in zip(_encoded(head), _encoded(value), strict=False):
            yield Form(short, whole, is_all=False)


def _plain_forms(value: str) -> set[str]:
    # Its own characters may look like escapes and line ends, and go with those around it.
    decoded = [value, plain(value), plain(plain(value)), plain(plain(plain(value)))]
    found = {value.strip(), value.replace(" ", "+"), *decoded, *map(joined, decoded)}
    if not value.isascii():
        found.add(value.encode("utf-8", "surrogatepass").decode("latin-1"))  # as the repr of bytes has it
    return {text for text in found if len(text) >= SHORTEST and is_wide(text)}


def _lines(value: str) -> list[str]:
    if "-----BEGIN" not in value:
        return []
    return [line for line in re.split(r"\s+|\\+[nr]", value) if len(line) >= _LINE and "-----" not in line]


def _escaped(value: str) -> list[str]:
    """A value as the documents write it that are then encoded as a whole."""
    found = {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        html.escape(value),
        percent.encode(value),
        percent.encode(value, "/"),
    }
    return sorted(found)


def _encoded(text: str) -> list[str]:
    data = text.encode("utf-8", "surrogatepass")
    cores = [_in_base64(data, before) for before in range(3)]
    found = [*cores, *(core.translate(_URL_SAFE) for core in cores), data.hex(), data.hex().upper()]
    return [each for each in found if len(each) >= _SHORTEST_ENCODED]


def _in_base64(data: bytes, before: int) -> str:
    """The characters that stay the same whatever stands around a value that begins so many bytes into a group."""
    encoded = base64.b64encode(b"." * before + data).decode("ascii").rstrip("=")
    first = -(-8 * before // _BASE64_BITS)
    last = 8 * (before + len(data)) // _BASE64_BITS
    return encoded[first:last]


def _head(value: str) -> str:
    """The beginning by which a value is known, if it is not one that others share."""
    if "://" in value or "-----BEGIN" in value:
        return ""
    # The first part of a JSON web token says how it is signed, and is the same for most of them.
    start = value.find(".") + 1 if value.startswith("eyJ") else 0
    return value[: start + _HEAD] if len(value) >= start + _HEAD + _REST else ""
