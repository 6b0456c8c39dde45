"""A cell's outputs to fragments: streams, tracebacks, and every textual MIME type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.model.location import Part
from stsec_magic.model.problem import ProblemKind
from stsec_magic.notebook import ansi, html_text
from stsec_magic.notebook.leaves import is_binary, string_leaves
from stsec_magic.notebook.read import RawNotebook
from stsec_magic.notebook.text import text_of

_HTML = ("text/html", "image/svg+xml", "application/xhtml+xml")
# nbformat stores these as base64.
_BINARY = ("image/", "audio/", "video/", "font/", "application/pdf", "application/octet-stream", "application/zip")


def fragments(raw: RawNotebook, value: object, path: JsonPath, address: Mapping[str, Any]) -> Iterator[Fragment]:
    """Walk a cell's outputs.

    Args:
        raw: The notebook; faults are added to its problems.
        value: The cell's ``outputs``.
        path: Their JSON path.
        address: The cell's part of each fragment's address.

    Yields:
        Every text in them.
    """
    if value is None:
        return
    if not isinstance(value, list):
        raw.problem(ProblemKind.INVALID_NOTEBOOK, "the cell's outputs are not a list", address["cell"])
        return
    for number, output in enumerate(value, 1):
        at = (*path, number - 1)
        if isinstance(output, Mapping):
            yield from _output(output, at, {**address, "output": number, "part": Part.OUTPUT})
        else:
            raw.problem(ProblemKind.INVALID_NOTEBOOK, f"output {number} is not an object", address["cell"])


def _output(output: Mapping[str, Any], path: JsonPath, address: dict[str, Any]) -> Iterator[Fragment]:
    text = text_of(output.get("text"))
    if text:
        yield _terminal(text, (*path, "text"), address)
    traceback = text_of(output.get("traceback"), "\n")
    if traceback:
        yield _terminal(traceback, (*path, "traceback"), address, joint="\n")
    for key in ("ename", "evalue"):
        message = text_of(output.get(key))
        # The traceback mostly ends in the same words: one place, not two.
        if message and message not in (traceback or ""):
            yield _terminal(message, (*path, key), address)
    data = output.get("data")
    if isinstance(data, Mapping):
        yield from _leaves(dict.fromkeys(data, ""), (*path, "data"), {**address, "mime": None})
        for mime, value in data.items():
            yield from _mime(str(mime), value, (*path, "data", mime), address)
    for key in ("metadata", "transient"):
        extra = output.get(key)
        if isinstance(extra, Mapping) and extra:
            yield from _leaves(extra, (*path, key), address)


def _terminal(text: str, path: JsonPath, address: Mapping[str, Any], joint: str = "") -> Fragment:
    stripped, origins = ansi.strip(text)
    return Fragment(text=stripped, path=path, origins=origins, joint=joint, **address)


def _mime(mime: str, value: object, path: JsonPath, address: Mapping[str, Any]) -> Iterator[Fragment]:
    address = {**address, "mime": mime}
    text = None if _is_json(mime, value) else text_of(value)
    if text is None:
        yield from _leaves(value, path, address)
    elif mime in _HTML:
        yield from _html(text, path, address)
    elif text and not mime.startswith(_BINARY) and not is_binary(text):
        yield _terminal(text, path, address)


def _is_json(mime: str, value: object) -> bool:
    if isinstance(value, list):
        return mime.endswith("json") or not all(isinstance(item, str) for item in value)
    return isinstance(value, Mapping)


def _html(markup: str, path: JsonPath, address: Mapping[str, Any]) -> Iterator[Fragment]:
    base = Fragment(text=markup, path=path, language="html", **address)
    yield base
    if html_text.looks_like_html(markup):
        text, origins = html_text.seen(markup)
        yield Fragment(text=text, path=path, origins=origins, base=base, **address)


def _leaves(value: object, path: JsonPath, address: Mapping[str, Any]) -> Iterator[Fragment]:
    for leaf_path, name, text in string_leaves(value, path):
        yield Fragment(text=text, path=leaf_path, name=name, **address)
