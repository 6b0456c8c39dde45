"""From a place in a fragment to line and column: in its own text, and in the .ipynb file."""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stsec_magic.model.fragment import Fragment, JsonPath
from stsec_magic.notebook.lines import Lines
from stsec_magic.notebook.oldpaths import OldPlace, old_place

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)


class FileMap:
    """Finds in a notebook's file the place of what was found in its parsed form."""

    def __init__(
        self,
        text: str,
        fragments: Iterable[Fragment],
        original: Mapping[str, Any] | None = None,
        *,
        repeats: bool = True,
    ) -> None:
        """Scan the file once for the values that the fragments stand in.

        Args:
            text: The file's text.
            fragments: The fragments that places will be asked for.
            original: The notebook before it was upgraded, if it was: then paths are led back.
            repeats: Whether the file may repeat keys, so that all of it has to be read.
        """
        self._text = text
        self._lines = Lines(text)
        paths = {fragment.path for fragment in fragments if fragment.path}
        self._places = {path: OldPlace(path, 0) if original is None else old_place(path, original) for path in paths}
        self._encoded: dict[Fragment, _Encoded] = {}
        self._values = _locate(
            text, [place.path for place in self._places.values() if place is not None], repeats=repeats
        )

    def place(self, fragment: Fragment, offset: int) -> tuple[int, int] | None:
        """Where a fragment's character stands in the file.

        Args:
            fragment: A fragment without a base.
            offset: Offset in its text.

        Returns:
            Line and column from 1; None where the file doesn't show it.
        """
        at = self.offset(fragment, offset)
        return None if at is None else self._lines.place(at)

    def offset(self, fragment: Fragment, offset: int) -> int | None:
        """The same as an offset in the file's text.

        Args:
            fragment: A fragment without a base.
            offset: Offset in its text.
        """
        if fragment.origins is not None:
            offset = fragment.origins.start(offset)
        if not fragment.path:
            return offset
        place = self._places.get(fragment.path)
        spans = self._values.get(place.path) if place is not None else None
        if place is None or not spans:
            return None
        if fragment not in self._encoded:
            self._encoded[fragment] = _Encoded(self._text, spans, len(fragment.joint))
        return self._encoded[fragment].offset(max(0, offset - place.shift))


Span = tuple[int, int]

_parse = json.JSONDecoder(strict=False).raw_decode
_SPACE = re.compile(r"[ \t\r\n]*")
_HERE = object()
"""Marks in the tree of wanted paths that one of them ends."""


class _AllFoundError(Exception):
    """Every wanted value has been passed: the rest of the file is of no interest."""


def _locate(text: str, wanted: Iterable[JsonPath], *, repeats: bool = True) -> dict[JsonPath, list[Span]]:
    """The spans of the string tokens of each wanted value (a string, or a list of them).

    Goes down only where a wanted path leads; everything else is passed over by the C parser.
    """
    descent = _Descent(text, wanted, repeats=repeats)
    try:
        if descent.tree:
            descent.value(_past_space(text, text.startswith("\ufeff")), descent.tree)
    except (ValueError, IndexError, StopIteration, RecursionError, _AllFoundError):
        pass  # what was found so far is right
    return descent.spans


class _Descent:
    """One way down through a JSON text."""

    def __init__(self, text: str, wanted: Iterable[JsonPath], *, repeats: bool) -> None:
        self._text = text
        self._left: set[JsonPath] = set()
        # A repeated key may come after all that is wanted, and the last one counts.
        self._stops = not repeats
        self.spans: dict[JsonPath, list[Span]] = {}
        self.tree: dict[Any, Any] = {}
        for path in wanted:
            node = self.tree
            for key in path:
                node = node.setdefault(key, {})
            node[_HERE] = path
            self._left.add(path)

    def value(self, at: int, tree: dict[Any, Any] | None) -> int:
        """Record what stands at an offset and return where it ends."""
        first = self._text[at]
        if not tree or first not in '"[{':
            return _parse(self._text, at)[1]
        here = tree.get(_HERE)
        if first == '"':
            end = _parse(self._text, at)[1]
            if here is not None:
                self.spans[here] = [(at + 1, end - 1)]
        else:
            if here is not None:
                self.spans.pop(here, None)  # a repeated key: the last one counts
            end = self._items(at, tree)
        if here is not None:
            self._left.discard(here)
            if self._stops and not self._left:
                raise _AllFoundError
        return end

    def _items(self, at: int, tree: dict[Any, Any]) -> int:
        text = self._text
        is_object = text[at] == "{"
        here = tree.get(_HERE)
        at, index = _past_space(text, at + 1), 0
        while text[at] not in "}]":
            key: str | int = index
            if is_object:
                key, at = _parse(text, at)
                at = _past_space(text, _past_space(text, at) + 1)
            start = at
            at = self.value(at, tree.get(key))
            if here is not None and not is_object and text[start] == '"':
                self.spans.setdefault(here, []).append((start + 1, at - 1))
            at = _past_space(text, at)
            if text[at] == ",":
                at = _past_space(text, at + 1)
            index += 1
        return at + 1


def _past_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


class _Encoded:
    """A value as its string tokens write it: from offsets in the value to offsets in the file.

    Made once for each value with a finding, and read only as far as the findings reach, so that
    many findings in a large output cost no more than one pass.
    """

    def __init__(self, text: str, spans: Sequence[Span], joint: int) -> None:
        self._text, self._spans, self._joint = text, spans, joint
        self._starts = [0]
        """Where each token begins in the value; one more than those read so far."""
        self._tokens: dict[int, _Token] = {}

    def offset(self, offset: int) -> int:
        """Where in the file a character of the value begins."""
        while self._starts[-1] <= offset and len(self._starts) <= len(self._spans):
            start, end = self._spans[len(self._starts) - 1]
            # A lone backslash is no JSON; then the lengths are right all the same.
            self._starts.append(self._starts[-1] + len(_ESCAPE.sub("x", self._text[start:end])) + self._joint)
        i = min(bisect_right(self._starts, offset), len(self._spans)) - 1
        if i not in self._tokens:
            self._tokens[i] = _Token(self._text, *self._spans[i])
        return self._tokens[i].offset(offset - self._starts[i])


class _Token:
    """One string token: runs of plain characters and escapes, read as far as somebody asks."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._end = end
        # Where the runs begin, in the value and in the file.
        self._decoded, self._file = array("q", [0]), array("q", [start])
        self._escapes = _ESCAPE.finditer(text, start, end)

    def offset(self, offset: int) -> int:
        """Where in the file a character of the token's value begins."""
        while self._decoded[-1] <= offset:
            escape = next(self._escapes, None)
            if escape is None:
                break
            at = self._decoded[-1] + escape.start() - self._file[-1]
            self._decoded.extend((at, at + 1))
            self._file.extend((escape.start(), escape.end()))
        i = bisect_right(self._decoded, offset) - 1
        return min(self._file[i] + offset - self._decoded[i], self._end)
