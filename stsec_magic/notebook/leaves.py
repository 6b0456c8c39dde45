"""The string leaves of arbitrary JSON, each with its path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stsec_magic.model.fragment import JsonPath

# A data URI or a bare run of base64 the size of an image: bytes, not text.
_BINARY = re.compile(r"(?:data:[\w.+-]{1,60}/[\w.+-]{1,60};base64,)?[A-Za-z0-9+/\s]{1024}")


LONG_KEY = 20
"""A key so long may be a secret itself."""

Leaf = tuple[JsonPath, str | None, str]
"""A path, the nearest key in it, and the text there."""


def string_leaves(value: object, path: JsonPath) -> Iterator[Leaf]:
    """Walk JSON without recursion, so that depth is no matter.

    A list of strings that ends in lines (nbformat's multi-line string) is one leaf.

    Args:
        value: Any JSON value.
        path: Its own path.

    Yields:
        (path, the nearest key above it, text) in document order; binary data is left out.
    """
    stack: list[tuple[JsonPath, str | None, object]] = [(path, _key(path), value)]
    while stack:
        at, name, item = stack.pop()
        if isinstance(item, str):
            if item and not is_binary(item):
                yield at, name, item
        elif isinstance(item, Mapping):
            rows: list[tuple[JsonPath, str | None, object]] = []
            for key, child in item.items():
                key_name = str(key)
                rows.append(((*at, key), key_name, child))
                # A key long enough to be a secret is a text too; it stands where its value does.
                if len(key_name) >= LONG_KEY:
                    yield (*at, key), None, key_name
            rows.reverse()
            stack += rows
        elif isinstance(item, list):
            stack.extend(((*at, i), name, child) for i, child in reversed(list(enumerate(item))))


def is_binary(text: str) -> bool:
    """Whether a text is base64 of an image or the like."""
    return len(text) >= 1024 and _BINARY.match(text) is not None


def pointer(path: JsonPath) -> str:
    """A path as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def _key(path: JsonPath) -> str | None:
    return next((key for key in reversed(path) if isinstance(key, str)), None)
