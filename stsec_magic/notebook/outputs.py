"""A cell's outputs to texts: streams, tracebacks, and every textual MIME type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stsec_magic.model.fragment import JsonPath
from stsec_magic.model.location import Part
from stsec_magic.model.problem import ProblemKind
from stsec_magic.notebook import ansi
from stsec_magic.notebook.leaves import LONG_KEY, is_binary
from stsec_magic.notebook.text import parts, text_of

if TYPE_CHECKING:
    from stsec_magic.notebook.walk import Walk

_HTML = frozenset(("text/html", "image/svg+xml", "application/xhtml+xml"))
# nbformat stores these as base64.
_BINARY = ("image/", "audio/", "video/", "font/", "application/pdf", "application/octet-stream", "application/zip")
_ERROR = ("ename", "evalue")
# What nbformat says may stand there: nothing to search.
_USUAL = {
    "output_type": frozenset(
        ("stream", "display_data", "execute_result", "error", "pyout", "pyerr", "update_display_data")
    ),
    "name": frozenset(("stdout", "stderr")),
}


def walk(into: Walk, value: object, cell: int) -> None:
    """Walk a cell's outputs.

    Args:
        into: Gets every text in them; faults are added to its notebook's problems.
        value: The cell's ``outputs``.
        cell: Its number.
    """
    path: JsonPath = ("cells", cell - 1, "outputs")
    if not isinstance(value, list):
        into.raw.problem(ProblemKind.INVALID_NOTEBOOK, "the cell's outputs are not a list", cell)
        into.add_json(value, path, Part.OUTPUT, cell)
        return
    for number, output in enumerate(value, 1):
        at = (*path, number - 1)
        if output.__class__ is dict or isinstance(output, Mapping):
            _output(into, output, at, cell, number)
        else:
            into.raw.problem(ProblemKind.INVALID_NOTEBOOK, f"output {number} is not an object", cell)
            into.add_json(output, at, Part.OUTPUT, cell, number)


def _output(into: Walk, output: Mapping[str, Any], path: JsonPath, cell: int, number: int) -> None:
    traceback = None
    for key, value in output.items():
        if key.__class__ is not str or len(key) >= LONG_KEY:
            into.add_key(key, path, Part.OUTPUT, cell, number)
        if _is_usual(key, value):
            continue
        if key == "text":
            _terminal(into, value, (*path, key), cell, number)
        elif key == "data" and isinstance(value, Mapping):
            _data(into, value, (*path, key), cell, number)
        elif key == "traceback":
            traceback = text_of(value, "\n")
            _terminal(into, value, (*path, key), cell, number, joint="\n")
        elif key not in _ERROR:
            into.add_json(value, (*path, key), Part.OUTPUT, cell, number)
    for key in _ERROR:
        message = output.get(key)
        # The traceback mostly ends in the same words: one place, not two.
        words = text_of(message)
        if message and not (words and traceback and words in traceback):
            _terminal(into, message, (*path, key), cell, number)


def _data(into: Walk, data: Mapping[str, Any], path: JsonPath, cell: int, number: int) -> None:
    for mime, content in data.items():
        if mime.__class__ is not str or len(mime) >= LONG_KEY:
            into.add_key(mime, path, Part.OUTPUT, cell, number)
        _mime(into, mime, content, path, cell, number)


def _is_usual(key: str, value: object) -> bool:
    """Whether what stands under a key of an output holds nothing to search."""
    return not value or isinstance(value, int) or (isinstance(value, str) and value in _USUAL.get(key, ()))


def _terminal(
    into: Walk,
    value: object,
    path: JsonPath,
    cell: int,
    number: int,
    mime: str | None = None,
    joint: str = "",
) -> None:
    text, odd = parts(value, joint)
    if text:
        origins = None
        if "\x1b" in text:
            text, origins = ansi.strip(text)
        into.add(text, Part.OUTPUT, path, "text", cell, number, mime, joint, origins)
    into.add_json(odd, path, Part.OUTPUT, cell, number, mime)


def _mime(into: Walk, mime: str, value: object, data: JsonPath, cell: int, number: int) -> None:
    path = (*data, mime)
    if isinstance(value, str) and mime.startswith(_BINARY) and mime not in _HTML:
        return
    text, odd = parts(value)
    if text is None or odd is not None or (isinstance(value, list) and mime.endswith("json")):
        into.add_json(value, path, Part.OUTPUT, cell, number, mime)
    elif mime in _HTML:
        into.markup.append(len(into.texts))
        into.add(text, Part.OUTPUT, path, "html", cell, number, mime)
    elif text and not mime.startswith(_BINARY) and not is_binary(text):
        _terminal(into, text, path, cell, number, mime)
