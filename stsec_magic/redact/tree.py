"""A notebook's JSON copied, and all of it that may hold a secret: texts, keys, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from stsec_magic.notebook.address import language_of
from stsec_magic.redact.unit import Json, Slot, Unit, unit_of

SCHEMA_KEYS = frozenset(
    (
        "cells metadata nbformat nbformat_minor cell_type source outputs execution_count id attachments output_type "
        "name text data ename evalue traceback kernelspec display_name language language_info codemirror_mode "
        "file_extension mimetype version nbconvert_exporter pygments_lexer tags collapsed scrolled deletable editable "
        "format jupyter execution authors title worksheets orig_nbformat orig_nbformat_minor signature level input "
        "prompt_number pyout pyerr stream slideshow transient isolated"
    ).split()
)
"""nbformat's own keys: no secret, whatever a password may be."""

_MARKS = frozenset(
    "code markdown raw heading stream display_data execute_result error pyout pyerr update_display_data".split()
)
_NUMBERS_KEPT = frozenset(("nbformat", "nbformat_minor", "orig_nbformat", "orig_nbformat_minor", "level"))
_COUNTS = frozenset(("execution_count", "prompt_number"))

# nbformat stores these as base64.
_BINARY = ("image/", "audio/", "video/", "font/", "application/pdf", "application/octet-stream", "application/zip")
_TEXTUAL = ("xml", "json")


class Content(NamedTuple):
    """What a notebook holds.

    Attributes:
        units: Its texts.
        numbers: Where its numbers stand.
        objects: Its objects, whose keys are texts too.
    """

    units: list[Unit]
    numbers: list[Slot]
    objects: list[dict[str, Any]]


def copied(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of plain objects, lists and values; without recursion, so that depth is no matter.

    Args:
        notebook: Any JSON.
    """
    root: list[Any] = [None]
    stack: list[tuple[Any, Any, Any]] = [(root, 0, notebook)]
    while stack:
        holder, at, value = stack.pop()
        if isinstance(value, Mapping):
            holder[at] = made = dict.fromkeys(str(key) for key in value)
            stack.extend((made, str(key), child) for key, child in value.items())
        elif isinstance(value, (list, tuple)):
            holder[at] = rows = [None] * len(value)
            stack.extend((rows, i, child) for i, child in enumerate(value))
        else:
            holder[at] = str(value) if isinstance(value, str) else value
    result: dict[str, Any] = root[0]
    return result


def content(notebook: dict[str, Any]) -> Content:
    """All that may hold a secret.

    Args:
        notebook: A copy, which the units then change.
    """
    found = Content([], [], [notebook])
    language = language_of(notebook)
    for key, cells in notebook.items():
        if key == "cells" and isinstance(cells, list):
            for i, cell in enumerate(cells):
                if isinstance(cell, dict):
                    _cell(cell, language, found)
                else:
                    _any(cells, i, found)
        else:
            _any(notebook, key, found)
    return found


def _cell(cell: dict[str, Any], language: str, into: Content) -> None:
    into.objects.append(cell)
    for key, value in cell.items():
        if key == "source" and cell.get("cell_type") == "code" and isinstance(value, (str, list)):
            _unit(into, unit_of(cell, key, language=language))
            _inside(value, into)
        elif key == "outputs" and isinstance(value, list):
            _outputs(value, into)
        elif key == "attachments":
            _any(cell, key, into, binary=True)
        else:
            _any(cell, key, into)


def _outputs(outputs: list[Any], into: Content) -> None:
    together: list[Slot] = []
    for i, output in enumerate(outputs):
        if not isinstance(output, dict):
            _any(outputs, i, into)
            continue
        into.objects.append(output)
        is_stream = output.get("output_type") == "stream"
        if not is_stream:
            together = _flushed(together, into)
        for key, value in output.items():
            if key == "text" and is_stream:
                unit = unit_of(output, key)
                together += unit.slots if unit is not None else ()
                _inside(value, into)
            elif key == "data" and isinstance(value, dict):
                into.objects.append(value)
                for mime in value:
                    _any(value, mime, into, binary=_is_binary(mime))
            else:
                _any(output, key, into, joint="\n" if key == "traceback" else "")
    _flushed(together, into)


def _flushed(slots: list[Slot], into: Content) -> list[Slot]:
    if slots:
        into.units.append(Unit(slots))
    return []


def _is_binary(mime: str) -> bool:
    return mime.startswith(_BINARY) and not mime.endswith(_TEXTUAL)


def _is_encoded(holder: Json, at: Json) -> bool:
    """Whether widgets or plots keep bytes there."""
    return isinstance(holder, dict) and (at == "bdata" or (at == "data" and holder.get("encoding") == "base64"))


def _unit(into: Content, unit: Unit | None) -> None:
    if unit is not None:
        into.units.append(unit)


def _inside(value: object, into: Content) -> None:
    """What of a multi-line string is no string."""
    if isinstance(value, (list, dict)):
        _below(value, into, binary=False)


def _any(holder: Json, at: Json, into: Content, joint: str = "", *, binary: bool = False) -> None:
    value = holder[at]
    if isinstance(value, str):
        if value not in _MARKS and not (at == "name" and value in ("stdout", "stderr")):
            _unit(into, unit_of(holder, at, binary=binary))
    elif isinstance(value, (list, dict)):
        _unit(into, unit_of(holder, at, joint, binary=binary))
        _below(value, into, binary=binary)
    else:
        _number(holder, at, into)


def _below(value: Json, into: Content, *, binary: bool) -> None:
    """What is below a value, but for the strings of a list, which are one unit."""
    stack = [value]
    while stack:
        holder = stack.pop()
        if isinstance(holder, dict):
            into.objects.append(holder)
        for at, child in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if isinstance(child, (dict, list)):
                stack.append(child)
            if isinstance(child, list) or (isinstance(child, str) and isinstance(holder, dict)):
                _unit(into, unit_of(holder, at, binary=binary or _is_encoded(holder, at)))
            elif not isinstance(child, (str, dict)):
                _number(holder, at, into)


def _number(holder: Json, at: Json, into: Content) -> None:
    value = holder[at]
    if isinstance(value, (int, float)) and not isinstance(value, bool) and at not in _NUMBERS_KEPT:
        into.numbers.append((holder, at))


def is_count(at: object) -> bool:
    """Whether a key's value has to be a number or nothing.

    Args:
        at: A key or an index.
    """
    return at in _COUNTS
