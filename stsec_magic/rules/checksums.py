"""Checks that a credential carries in itself, computed without a network.

A wrong checksum doesn't silence a finding: whoever mistypes a key, or changes a letter of it for a
question on a forum, has still shown the rest. It weighs in the confidence.
"""

from __future__ import annotations

import base64
import json
import string
import zlib
from collections.abc import Callable, Mapping

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECKED = 6


def _crc32_base62(value: str) -> bool:
    """The last six characters are the CRC-32 of those before them, in base 62, after the prefix."""
    body = value.rpartition("_")[2]
    return len(body) > _CHECKED and body[-_CHECKED:] == _in_base62(
        zlib.crc32(body[:-_CHECKED].encode("utf-8", "replace"))
    )


def _in_base62(number: int) -> str:
    digits = ""
    for _ in range(_CHECKED):
        number, digit = divmod(number, len(_BASE62))
        digits = _BASE62[digit] + digits
    return digits


def _jwt_head(value: str) -> bool:
    """The first part is base64 of a JSON object that names an algorithm (RFC 7515)."""
    head = value.partition(".")[0]
    try:
        claims = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(claims, dict) and "alg" in claims


CHECKSUMS: Mapping[str, Callable[[str], bool]] = {"crc32-base62": _crc32_base62, "jwt-head": _jwt_head}
"""By the name that the catalogue uses: whether a value is what its own checksum says."""
