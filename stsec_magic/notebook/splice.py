"""Changes to a notebook's values made in its file's text, so that nothing else in the file changes.

Ids, the order of keys, indentation, escapes and line ends stay as they are, because they are never written anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from stsec_magic.model.fragment import JsonPath
from stsec_magic.notebook.json_tokens import Encoded, Located, Span, locate
from stsec_magic.notebook.oldpaths import old_place

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_SPACE = " \t\r\n"


class SpliceError(Exception):
    """A change that can't be made in the file's text; its message is a few words for the user.

    Attributes:
        path: The value that can't be changed; empty where it is the file as a whole.
    """

    def __init__(self, message: str, path: JsonPath = ()) -> None:
        """Say why, and which value."""
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class Splice:
    """A span of a string (or of a list of strings, joined) and what is to stand there.

    Attributes:
        path: JSON path of the value, as nbformat 4 has it.
        start: Offset of the span's first character.
        end: Offset just past its last; the same as ``start`` where something is put in.
        text: What is to stand there.
    """

    path: JsonPath
    start: int
    end: int
    text: str


class _Change(NamedTuple):
    """A span of the file's text, and what is to stand there."""

    start: int
    end: int
    text: str


def spliced(
    text: str, splices: Sequence[Splice], removed: Sequence[JsonPath] = (), original: Mapping[str, Any] | None = None
) -> str:
    """Change values of a notebook in its file's text.

    Args:
        text: The file's text.
        splices: Spans that don't overlap.
        removed: Items of lists to be taken out whole: ``("cells", 3, "outputs", 0)``.
        original: The notebook before it was upgraded, if it was: paths are led back to it.

    Returns:
        The new text.

    Raises:
        SpliceError: A value isn't in the file as it is in the notebook.
    """
    places = {path: _in_file(path, original) for path in {*(each.path for each in splices), *removed}}
    located = locate(text, places.values())
    encoded: dict[JsonPath, Encoded] = {}
    changes = [_change(text, each, places[each.path], located, encoded) for each in splices]
    for path in removed:
        if places[path] not in located.whole or not isinstance(path[-1], int):
            raise SpliceError("the output isn't an item of the file", path)
    changes += _removals(text, [places[path] for path in removed], located)
    changes.sort()
    if any(one.end > other.start for one, other in pairwise(changes)):
        raise SpliceError("two changes overlap")
    parts, last = [], 0
    for change in changes:
        parts += [text[last : change.start], change.text]
        last = change.end
    return "".join((*parts, text[last:]))


def _in_file(path: JsonPath, original: Mapping[str, Any] | None) -> JsonPath:
    place = None if original is None else old_place(path, original)
    if original is not None and (place is None or place.shift):
        raise SpliceError("the old notebook format writes it otherwise", path)
    return path if place is None else place.path


def _change(text: str, splice: Splice, path: JsonPath, located: Located, encoded: dict[JsonPath, Encoded]) -> _Change:
    tokens = located.tokens.get(path)
    if not tokens:
        raise SpliceError("it stands in a name, not in a value", splice.path)
    if path not in encoded:
        encoded[path] = Encoded(text, tokens, 0)
    start = encoded[path].offset(splice.start)
    end = encoded[path].end(splice.end) if splice.end > splice.start else start
    lines = _LINES.findall(splice.text)
    is_list = text[located.whole[path][0]] == "["
    # In a list of lines a new line is a new item; a string holds them all.
    between = f'"{_separator(text, tokens, located.whole[path])}"' if is_list else ""
    written = between.join(_escaped(line) for line in lines)
    if is_list and splice.text.endswith("\n") and end < _end_of_token(tokens, end):
        written += between
    return _Change(start, end, written)


def _end_of_token(tokens: Sequence[Span], at: int) -> int:
    return next(end for _, end in tokens if at <= end)


def _separator(text: str, tokens: Sequence[Span], whole: Span) -> str:
    """What stands between two items of a list, comma and space, as this file writes it."""
    if len(tokens) > 1:
        return text[tokens[0][1] + 1 : tokens[1][0] - 1]
    return "," + text[whole[0] + 1 : tokens[0][0] - 1]


def _escaped(line: str) -> str:
    return json.dumps(line)[1:-1]


def _removals(text: str, paths: Sequence[JsonPath], located: Located) -> list[_Change]:
    """Items taken out of their lists, with one comma each; a list that is left without any becomes ``[]``."""
    lists: dict[JsonPath, list[Span]] = {}
    for path in sorted(set(paths), key=str):
        lists.setdefault(path[:-1], []).append(located.whole[path])
    return [change for spans in lists.values() for change in _of_list(text, sorted(spans))]


def _of_list(text: str, spans: Sequence[Span]) -> list[_Change]:
    changes: list[_Change] = []
    for run in _runs(text, spans):
        start, end = run
        before, after = _back(text, start), _forth(text, end)
        if text[before] == ",":
            changes.append(_Change(before, end, ""))
        elif text[after] == ",":
            changes.append(_Change(start, _forth(text, after + 1), ""))
        else:
            changes.append(_Change(before + 1, after, ""))
    return changes


def _runs(text: str, spans: Sequence[Span]) -> list[Span]:
    """Neighbouring items as one span."""
    runs: list[Span] = []
    for start, end in spans:
        if runs and text[runs[-1][1] : start].strip(_SPACE) == ",":
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


def _back(text: str, at: int) -> int:
    """The last character before an offset that is no space."""
    at -= 1
    while text[at] in _SPACE:
        at -= 1
    return at


def _forth(text: str, at: int) -> int:
    """The first character from an offset on that is no space."""
    while text[at] in _SPACE:
        at += 1
    return at
