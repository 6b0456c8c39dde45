"""The string tokens of a notebook's file: where a value is written, and where each of its characters is."""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from stsec_magic.model.fragment import JsonPath

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
Span = tuple[int, int]

_parse = json.JSONDecoder(strict=False).raw_decode
_SPACE = re.compile(r"[ \t\r\n]*")
_HERE = object()
"""Marks in the tree of wanted paths that one of them ends."""


class _AllFoundError(Exception):
    """Every wanted value has been passed: the rest of the file is of no interest."""


class Located(NamedTuple):
    """Where values are written.

    Attributes:
        tokens: For each value that is a string, or a list of them, the insides of its string tokens.
        whole: For each value its span.
    """

    tokens: dict[JsonPath, list[Span]]
    whole: dict[JsonPath, Span]


def locate(text: str, wanted: Iterable[JsonPath], *, repeats: bool = True) -> Located:
    """Find values in a JSON text.

    Goes down only where a wanted path leads; everything else is passed over by the C parser.

    Args:
        text: The text; what can be read of a broken one is.
        wanted: The paths of the values.
        repeats: Whether the file may repeat keys, so that all of it has to be read.

    Returns:
        Those that are there.
    """
    descent = _Descent(text, wanted, repeats=repeats)
    try:
        if descent.tree:
            descent.value(_past_space(text, text.startswith("\ufeff")), descent.tree)
    except (ValueError, IndexError, StopIteration, RecursionError, _AllFoundError):
        pass  # what was found so far is right
    return Located(descent.spans, descent.whole)


class _Descent:
    """One way down through a JSON text."""

    def __init__(self, text: str, wanted: Iterable[JsonPath], *, repeats: bool) -> None:
        self._text = text
        self._left: set[JsonPath] = set()
        # A repeated key may come after all that is wanted, and the last one counts.
        self._stops = not repeats
        self.spans: dict[JsonPath, list[Span]] = {}
        self.whole: dict[JsonPath, Span] = {}
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
        here = tree.get(_HERE) if tree else None
        if not tree or first not in '"[{':
            end = _parse(self._text, at)[1]
            if here is not None:
                self._found(here, at, end)
            return end
        if first == '"':
            end = _parse(self._text, at)[1]
            if here is not None:
                self.spans[here] = [(at + 1, end - 1)]
        else:
            if here is not None:
                self.spans.pop(here, None)  # a repeated key: the last one counts
            end = self._items(at, tree)
        if here is not None:
            self._found(here, at, end)
        return end

    def _found(self, here: JsonPath, start: int, end: int) -> None:
        self.whole[here] = (start, end)
        self._left.discard(here)
        if self._stops and not self._left:
            raise _AllFoundError

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


class Encoded:
    """A value as its string tokens write it: from offsets in the value to offsets in the file.

    Made once for each value with a finding, and read only as far as the findings reach, so that
    many findings in a large output cost no more than one pass.
    """

    def __init__(self, text: str, spans: Sequence[Span], joint: int) -> None:
        """Take a value.

        Args:
            text: The file's text.
            spans: The insides of its string tokens.
            joint: How many characters join two of them.
        """
        self._text, self._spans, self._joint = text, spans, joint
        self._starts = [0]
        """Where each token begins in the value; one more than those read so far."""
        self._tokens: dict[int, Token] = {}

    def offset(self, offset: int) -> int:
        """Where in the file a character of the value begins."""
        i = self._number(offset)
        return self._token(i).offset(offset - self._starts[i])

    def end(self, offset: int) -> int:
        """Where in the file the character before an offset ends."""
        i = self._number(offset - 1)
        return self._token(i).offset(offset - self._starts[i])

    def _number(self, offset: int) -> int:
        while self._starts[-1] <= offset and len(self._starts) <= len(self._spans):
            start, end = self._spans[len(self._starts) - 1]
            # A lone backslash is no JSON; then the lengths are right all the same.
            self._starts.append(self._starts[-1] + len(_ESCAPE.sub("x", self._text[start:end])) + self._joint)
        return min(bisect_right(self._starts, offset), len(self._spans)) - 1

    def _token(self, i: int) -> Token:
        if i not in self._tokens:
            self._tokens[i] = Token(self._text, *self._spans[i])
        return self._tokens[i]


class Token:
    """One string token: runs of plain characters and escapes, read as far as somebody asks."""

    def __init__(self, text: str, start: int, end: int) -> None:
        """Take the inside of a token: its first character's offset, and that just past its last."""
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
