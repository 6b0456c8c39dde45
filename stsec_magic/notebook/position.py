"""From a place in a fragment to line and column: in its own text, and in the .ipynb file."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.notebook.oldpaths import OldPlace, old_place

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)
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
        self._values = _locate(text, {place.path for place in self._places.values() if place is not None})

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


class _Locator:
    """Walks a JSON text's tokens and keeps the spans of the strings that wanted values hold."""

    def __init__(self, wanted: set[JsonPath]) -> None:
        self._wanted = wanted
        self._depth = max(map(len, wanted), default=-1)
        self._path: list[Any] = []
        self._in_object: list[bool] = []
        self._key_next = False
        self.spans: dict[JsonPath, list[Span]] = {}

    def feed(self, token: str, start: int, end: int) -> None:
        first = token[0]
        if first == '"':
            self._string(token, start, end)
        elif first in "{[":
            self._open(is_object=first == "{")
        elif first in "}]":
            if self._path:
                self._path.pop()
                self._in_object.pop()
            self._key_next = False
        elif first == "," and self._in_object:
            if self._in_object[-1]:
                self._key_next = True
            else:
                self._path[-1] += 1

    def _string(self, token: str, start: int, end: int) -> None:
        near = len(self._path) <= self._depth + 1
        if self._key_next:
            self._key_next = False
            if near:
                self._path[-1] = _decode(token)
        elif near:
            here = tuple(self._path)
            if here in self._wanted:
                self.spans[here] = [(start + 1, end - 1)]
            elif here[:-1] in self._wanted and not self._in_object[-1]:
                self.spans.setdefault(here[:-1], []).append((start + 1, end - 1))

    def _open(self, *, is_object: bool) -> None:
        if len(self._path) <= self._depth:
            self.spans.pop(tuple(self._path), None)  # a repeated key: the last one counts
        self._in_object.append(is_object)
        self._path.append(None if is_object else 0)
        self._key_next = is_object


def _locate(text: str, wanted: set[JsonPath]) -> dict[JsonPath, list[Span]]:
    """The spans of the string tokens of each wanted value (a string, or a list of them)."""
    locator = _Locator(wanted)
    if wanted:
        for match in _TOKEN.finditer(text):
            locator.feed(match[0], match.start(), match.end())
    return locator.spans


def _decode(token: str) -> str:
    inner = token[1:-1]
    if "\\" not in inner:
        return inner
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return inner


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
