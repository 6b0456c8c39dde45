"""Keys of objects, ids of cells and tags: texts that have to stay different from each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from stsec_magic.redact.known import merged, put
from stsec_magic.redact.tree import SCHEMA_KEYS
from stsec_magic.redact.unit import Find

_NO_ID = re.compile(r"[^a-zA-Z0-9_-]+")
_LONGEST_ID = 64


def renamed(holder: dict[str, Any], find: Find) -> int:
    """Mask an object's keys, in place and in order.

    Args:
        holder: The object.
        find: Gives the places of a text.

    Returns:
        How many places were masked.
    """
    found, names = 0, {}
    for key in holder:
        places = [] if key in SCHEMA_KEYS else merged(find(key))
        if places:
            found += len(places)
            names[key] = put(key, places)
    if not names:
        return 0
    free = _Names((key for key in holder if key not in names), " ").free
    rows = [(free(names[key]) if key in names else key, value) for key, value in holder.items()]
    holder.clear()
    holder.update(rows)
    return found


def mend_ids(notebook: dict[str, Any], before: Mapping[str, Any]) -> None:
    """Make the ids of cells and their tags what nbformat allows, where masks stand in them.

    Args:
        notebook: A copy that was masked.
        before: The notebook as it was.
    """
    cells, old = notebook.get("cells"), before.get("cells")
    if not isinstance(cells, list) or not isinstance(old, (list, tuple)):
        return
    pairs = [(a, b) for a, b in zip(cells, old, strict=False) if isinstance(a, dict) and isinstance(b, Mapping)]
    changed = [a for a, b in pairs if a.get("id") != b.get("id") and isinstance(a.get("id"), str)]
    taken = {cell["id"] for cell in _with_ids(cells)} - {cell["id"] for cell in changed}
    free = _Names(taken, "-").free
    for cell in changed:
        cell["id"] = free(_id(cell["id"]))
    for cell, old_cell in pairs:
        tags = _tags(cell)
        if tags != _tags(old_cell):
            tags[:] = dict.fromkeys(tags)


def _tags(cell: Mapping[str, Any]) -> list[Any]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, Mapping) else None
    return tags if isinstance(tags, list) and all(isinstance(tag, str) for tag in tags) else []


def _with_ids(cells: Iterable[object]) -> list[dict[str, Any]]:
    return [cell for cell in cells if isinstance(cell, dict) and isinstance(cell.get("id"), str)]


class _Names:
    """Names that differ from each other and from those that are taken."""

    def __init__(self, taken: Iterable[str], joint: str) -> None:
        self._taken = set(taken)
        self._joint = joint
        self._last: dict[str, int] = {}

    def free(self, name: str) -> str:
        found, n = name, self._last.get(name, 1)
        while found in self._taken:
            n += 1
            found = f"{name}{self._joint}{n}"
        self._last[name] = n
        self._taken.add(found)
        return found


def _id(masked: str) -> str:
    return _NO_ID.sub("-", masked).strip("-")[: _LONGEST_ID - 10] or "masked"
