"""From a place in a fragment to line and column: in its own text, and in the .ipynb file."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.notebook.oldpaths import OldPlace, old_place

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)


class Lines:
    r"""Offsets to lines and columns; lines split on ``\n`` alone."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        """Index a text."""
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a code point offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, line: int) -> int:
        """Offset of a line's first character; the line counts from 1."""
        return self._starts[min(line, len(self._starts)) - 1]

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self._starts)


class FileMap:
    """Finds in a notebook's file the place of what was found in its parsed form."""

    def __init__(self, text: str, fragments: Iterable[Fragment], original: Mapping[str, Any] | None = None) -> None:
        """Scan the file once for the values that the fragments stand in.

        Args:
            text: The file's text.
            fragments: The fragments that places will be asked for.
            original: The notebook before it was upgraded, if it was: then paths are led back.
        """
        self._text = text
        self._lines = Lines(text)
        paths = {fragment.path for fragment in fragments if fragment.path}
        self._places = {path: OldPlace(path, 0) if original is None else old_place(path, original) for path in paths}
        self._values = _locate(text, [place.path for place in self._places.values() if place is not None])

    def place(self, fragment: Fragment, offset: int) -> tuple[int, int] | None:
        """Where a fragment's character stands in the file.

        Args:
            fragment: A fragment without a base.
            offset: Offset in its text.

        Returns:
            Line and column from 1; None where the file doesn't show it.
        """
        at = self._offset(fragment, offset)
        return None if at is None else self._lines.place(at)

    def _offset(self, fragment: Fragment, offset: int) -> int | None:
        if fragment.origins is not None:
            offset = fragment.origins.start(offset)
        if not fragment.path:
            return offset
        place = self._places.get(fragment.path)
        spans = self._values.get(place.path) if place is not None else None
        if place is None or not spans:
            return None
        offset = max(0, offset - place.shift)
        for start, end in spans:
            length = _decoded_length(self._text, start, end)
            if offset < length or (start, end) == spans[-1]:
                return _encoded_offset(self._text, start, end, offset)
            offset -= length + len(fragment.joint)
            if offset < 0:
                return end
        return None


Span = tuple[int, int]

_parse = json.JSONDecoder(strict=False).raw_decode
_SPACE = re.compile(r"[ \t\r\n]*")
_HERE = object()
"""Marks in the tree of wanted paths that one of them ends."""


def _locate(text: str, wanted: Iterable[JsonPath]) -> dict[JsonPath, list[Span]]:
    """The spans of the string tokens of each wanted value (a string, or a list of them).

    Goes down only where a wanted path leads; everything else is passed over by the C parser.
    """
    tree: dict[Any, Any] = {}
    for path in wanted:
        node = tree
        for key in path:
            node = node.setdefault(key, {})
        node[_HERE] = path
    spans: dict[JsonPath, list[Span]] = {}
    try:
        if tree:
            _descend(text, _SPACE.match(text, text.startswith("\ufeff")).end(), tree, spans)  # type: ignore[union-attr]
    except (ValueError, IndexError, StopIteration, RecursionError):
        pass  # what was found so far is right
    return spans


def _descend(text: str, at: int, tree: dict[Any, Any] | None, spans: dict[JsonPath, list[Span]]) -> int:
    """Record what stands at an offset and return where it ends."""
    first = text[at]
    if not tree or first not in '"[{':
        return _parse(text, at)[1]
    here = tree.get(_HERE)
    if first == '"':
        end = _parse(text, at)[1]
        if here is not None:
            spans[here] = [(at + 1, end - 1)]
        return end
    if here is not None:
        spans.pop(here, None)  # a repeated key: the last one counts
    return _items(text, at, tree, spans)


def _items(text: str, at: int, tree: dict[Any, Any], spans: dict[JsonPath, list[Span]]) -> int:
    is_object = text[at] == "{"
    here = tree.get(_HERE)
    at, index = _past_space(text, at + 1), 0
    while text[at] not in "}]":
        key: str | int = index
        if is_object:
            key, at = _parse(text, at)
            at = _past_space(text, _past_space(text, at) + 1)
        start = at
        at = _descend(text, at, tree.get(key), spans)
        if here is not None and not is_object and text[start] == '"':
            spans.setdefault(here, []).append((start + 1, at - 1))
        at = _past_space(text, at)
        if text[at] == ",":
            at = _past_space(text, at + 1)
        index += 1
    return at + 1


def _past_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _decoded_length(text: str, start: int, end: int) -> int:
    return end - start - sum(len(match[0]) - 1 for match in _ESCAPE.finditer(text, start, end))


def _encoded_offset(text: str, start: int, end: int, offset: int) -> int:
    """Where in a string token the decoded character at ``offset`` begins."""
    at, decoded = start, 0
    for match in _ESCAPE.finditer(text, start, end):
        plain = match.start() - at
        if decoded + plain > offset:
            break
        decoded += plain
        at = match.start()
        if decoded == offset:
            return at
        decoded += 1
        at = match.end()
    return min(at + offset - decoded, end)
