"""Percent-encoding (RFC 3986), without urllib: nothing here may be able to reach a network."""

from __future__ import annotations

import re
import string

_UNRESERVED = string.ascii_letters + string.digits + "-._~"
_ENCODED = re.compile(rb"%([0-9A-Fa-f]{2})")


def encode(text: str, safe: str = "") -> str:
    """A text as a URL writes it.

    Args:
        text: Any text.
        safe: Further characters that stay as they are.
    """
    kept = frozenset(_UNRESERVED + safe)
    return "".join(c if c in kept else "".join(f"%{b:02X}" for b in c.encode("utf-8", "surrogatepass")) for c in text)


def decode(text: str) -> str:
    """What a URL means by a text; bytes that are no UTF-8 are replaced."""
    data = _ENCODED.sub(lambda match: bytes((int(match[1], 16),)), text.encode("utf-8", "surrogatepass"))
    return data.decode("utf-8", "replace")
