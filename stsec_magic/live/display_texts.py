"""The texts in what is displayed: MIME bundles, and the JSON in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Look = Callable[[str], str]
"""Given a text, the text to be displayed instead; the same object where nothing changes."""

_NO_TEXT = ("image/", "audio/", "video/", "font/", "application/pdf", "application/octet-stream")
_DRAWN_IN_TEXT = "image/svg+xml"


def in_bundle(data: Any, look: Look) -> Any:  # noqa: ANN401
    """Look at a MIME bundle.

    Args:
        data: By MIME type, texts and JSON.
        look: Called for every text.

    Returns:
        The bundle; a copy where a text changes.
    """
    if not isinstance(data, dict):
        return in_json(data, look)
    changed = {}
    for mime, value in dict.items(data):
        if isinstance(mime, str) and mime.startswith(_NO_TEXT) and mime != _DRAWN_IN_TEXT:
            continue
        seen = in_json(value, look)
        if seen is not value:
            changed[mime] = seen
    return {**data, **changed} if changed else data


def in_json(value: Any, look: Look) -> Any:  # noqa: ANN401
    """Look at all texts in a JSON value, keys included.

    Args:
        value: The value; what is neither text, dict nor list stays.
        look: Called for every text.

    Returns:
        The value; a copy where a text changes.
    """
    if isinstance(value, str):
        # The characters of a subclass, without asking the subclass.
        text = value if type(value) is str else str.__str__(value)
        seen = look(text)
        return value if seen is text else seen
    if isinstance(value, dict):
        pairs = [(key, item, in_json(key, look), in_json(item, look)) for key, item in dict.items(value)]
        if all(key is new_key and item is new for key, item, new_key, new in pairs):
            return value
        return {new_key: new for _, _, new_key, new in pairs}
    if isinstance(value, list | tuple):
        items = list(value)
        seen_items = [in_json(item, look) for item in items]
        if all(old is new for old, new in zip(items, seen_items, strict=True)):
            return value
        return seen_items
    return value


def withheld(fault: Exception) -> str:
    """What stands in place of an output that could not be looked at.

    Args:
        fault: Why; its message may quote the output, its kind doesn't.
    """
    return f"[stsec: output withheld: {type(fault).__name__}]"
