"""JSON text that can't be parsed, with its string escapes decoded and a way back."""

from __future__ import annotations

import re

from stsec_magic.model.offsets import OffsetMap, substitute

# Two escapes of surrogates are one character.
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|[0-9a-fA-F]{4})|([\"\\/bfnrt]))")
_PLAIN = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def unescape(text: str) -> tuple[str, OffsetMap]:
    r"""Decode ``\"``, ``\n``, ``\u00e9`` and the like wherever they stand.

    In a notebook's text every quote of the code is escaped; without this, no pattern that looks
    for a quoted value would match.

    Args:
        text: The text of a broken JSON file.

    Returns:
        The decoded text, and the map from its offsets to the file's.
    """
    return substitute(_ESCAPE, _decoded, text)


def _decoded(match: re.Match[str]) -> str:
    return _PLAIN[match[2]] if match[2] else _character(match[1])


def _character(digits: str) -> str:
    if len(digits) == 4:
        return chr(int(digits, 16))
    high, low = int(digits[:4], 16), int(digits[6:], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
