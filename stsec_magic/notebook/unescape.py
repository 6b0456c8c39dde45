"""JSON text that can't be parsed, with its string escapes decoded and a way back."""

from __future__ import annotations

import re

from stsec_magic.model.offsets import OffsetMap, Piece, join

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([\"\\/bfnrt]))")
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
    pieces = []
    at = 0
    for match in _ESCAPE.finditer(text):
        pieces.append(Piece(text[at : match.start()], at, literal=True))
        decoded = chr(int(match[1], 16)) if match[1] else _PLAIN[match[2]]
        pieces.append(Piece(decoded, match.start(), literal=False))
        at = match.end()
    pieces.append(Piece(text[at:], at, literal=True))
    return join(pieces, len(text))
