"""JSON keys that are repeated in one object: parsers keep the last, and what stood under the others is lost."""

from __future__ import annotations

import json
from typing import Any


def hidden_values(data: bytes, parsed: object) -> list[Any]:
    """What a parsed file no longer holds because a later key had the same name.

    Keys are counted in both; only where the counts differ is the file parsed again, slowly.

    Args:
        data: The file, valid JSON in UTF-8.
        parsed: What it was parsed to.

    Returns:
        The values that were lost; empty for nearly every file.
    """
    keys = _count(parsed)
    written = data.count(b'":')
    # In a string a quote is escaped, so only code such as {\"a\": 1} has to be taken off.
    if written == keys or written - data.count(b'\\":') == keys:
        return []
    hidden: list[Any] = []

    def kept(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found and found[key] != value:
                hidden.append({key: found[key]})
            found[key] = value
        return found

    try:
        json.loads(data, object_pairs_hook=kept)
    except (ValueError, RecursionError):
        return []  # another parser read it: it is deeper than this one goes
    return hidden


def _count(parsed: object) -> int:
    count = 0
    stack = [parsed]
    # A parser makes these classes and no others; asking for them so is what makes this cheap.
    while stack:
        item = stack.pop()
        if item.__class__ is dict:
            keys: dict[str, object] = item
            count += len(keys)
            stack += [value for value in keys.values() if value.__class__ is dict or value.__class__ is list]
        elif item and item.__class__ is list:
            items: list[object] = item
            # Lines of text and rows of numbers hold no keys; a list that begins so and does is counted wrong,
            # and so looked into.
            if items[0].__class__ is dict or items[0].__class__ is list:
                stack += items
    return count
