"""A location in the words of a person who has the notebook open."""

from __future__ import annotations

from stsec_magic.model.location import SESSION, Location, Part
from stsec_magic.report.visible import visible


def place(location: Location) -> str:
    """Such as ``cell 4 · In [7]``, ``In [7]`` of a session, ``cell 6 · output 1 (text/html)``, ``notebook metadata``.

    Args:
        location: A finding's location.
    """
    if location.part is Part.PROJECT:
        return "file"
    if location.path == SESSION:
        return f"In [{location.cell}]"
    words = ["notebook" if location.cell is None else f"cell {location.cell}"]
    if location.part is Part.SOURCE:
        if location.cell is None:
            return "file"
        if location.execution_count is not None:
            words.append(f"In [{location.execution_count}]")
    elif location.part is Part.OUTPUT:
        mime = f" ({visible(location.mime)})" if location.mime else ""
        words.append(f"output {location.output}{mime}")
    else:
        pointer = f" {_inside(location)}" if location.pointer else ""
        words.append(f"{location.part.value}{pointer}")
    return " · ".join(words)


def _inside(location: Location) -> str:
    """The pointer without the part that leads to the cell, which is already said."""
    parts = (location.pointer or "").split("/")[1:]
    if location.cell is not None:
        parts = parts[2:]
    if parts[:1] in (["metadata"], ["attachments"]):
        parts = parts[1:]
    return visible("/" + "/".join(parts))


def short(location: Location) -> str:
    """Such as ``nb/eda.ipynb:cell 4:2:9``: path, cell, line and column, for editors and grep."""
    if location.part is Part.PROJECT or (location.part is Part.SOURCE and location.cell is None):
        return f"{visible(location.path)}:{location.line}:{location.column}"
    cell = "notebook" if location.cell is None else f"cell {location.cell}"
    part = "" if location.part in (Part.SOURCE, Part.MARKDOWN) else f" {location.part.value}"
    number = "" if location.output is None else f" {location.output}"
    return f"{visible(location.path)}:{cell}{part}{number}:{location.line}:{location.column}"
