"""Where a text of an upgraded notebook stands in the old file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from stsec_magic.model.fragment import JsonPath

_MIMES = {
    "text/plain": "text",
    "text/html": "html",
    "text/latex": "latex",
    "image/svg+xml": "svg",
    "application/json": "json",
    "application/javascript": "javascript",
}
# What nbformat 4 calls source: in a code cell of 2 and 3, of 1, in any other cell, in a text cell of 1.
_SOURCES = ("input", "code", "source", "text")


class OldPlace(NamedTuple):
    """A value in an old file.

    Attributes:
        path: Its JSON path there.
        shift: How many characters the upgrade put before its text.
    """

    path: JsonPath
    shift: int


def old_place(path: JsonPath, original: Mapping[str, Any]) -> OldPlace | None:
    """Lead a path of the upgraded notebook back.

    Args:
        path: A path in nbformat 4.
        original: The notebook before the upgrade.

    Returns:
        The place in the old file; None where the old one has no such value.
    """
    if path[:1] != ("cells",) or len(path) < 3 or not isinstance(path[1], int):
        return OldPlace(path, 0)
    home = _cell(original, path[1])
    if home is None:
        return None
    at, cell = home
    if path[2] == "source":
        key = next((key for key in _SOURCES if key in cell), None)
        return None if key is None else OldPlace((*at, key), _heading(cell))
    return OldPlace((*at, *(_MIMES.get(str(key), key) for key in path[2:] if key != "data")), 0)


def _cell(original: Mapping[str, Any], number: int) -> tuple[JsonPath, Mapping[str, Any]] | None:
    """The n-th cell over all worksheets, and its path."""
    sheets = original.get("worksheets")
    rows: list[tuple[JsonPath, Any]] = [(("cells",), original.get("cells"))]
    if isinstance(sheets, list):
        rows = [(("worksheets", i, "cells"), s.get("cells")) for i, s in enumerate(sheets) if isinstance(s, Mapping)]
    for path, cells in rows:
        if not isinstance(cells, list):
            continue
        if number < len(cells):
            cell = cells[number]
            return ((*path, number), cell) if isinstance(cell, Mapping) else None
        number -= len(cells)
    return None


def _heading(cell: Mapping[str, Any]) -> int:
    """A heading of level 2 became Markdown that begins with "## "."""
    level = cell.get("level", 1)
    return level + 1 if cell.get("cell_type") == "heading" and isinstance(level, int) else 0
