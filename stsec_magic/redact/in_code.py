"""Masks in a code cell, put so that what was Python stays Python."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.redact.known import Place, put
from stsec_magic.redact.readings import quotes_in
from stsec_magic.source.program import CodeCell, children

_MOST_TRIED = 64
"""So many masks are put one by one where all at once don't parse."""
_LONGEST_TRIED = 1 << 16
"""And in a text so long: it is parsed each time."""

_NO_WORD = re.compile(r"\W+")

Way = Callable[[Place], Place]


class _Tokens:
    """Where a cell's strings, numbers and names stand, none within another."""

    def __init__(self, cell: CodeCell) -> None:
        rows = sorted(_tokens(cell, _Columns(cell)), key=lambda row: (row[0], -row[1]))
        self._rows: list[tuple[int, int, str]] = []
        for row in rows:
            if not self._rows or row[0] >= self._rows[-1][1]:
                self._rows.append(row)
        self._starts = [row[0] for row in self._rows]

    def at(self, place: Place) -> tuple[int, int, str]:
        """The token that a place begins in; an empty one where that is a comment, a shell line or the like."""
        i = bisect_right(self._starts, place.start) - 1
        if i >= 0 and place.start < self._rows[i][1]:
            return self._rows[i]
        if i + 1 < len(self._rows) and self._rows[i + 1][0] < place.end:
            return self._rows[i + 1]
        return place.start, place.start, ""


class _Columns:
    """Places in a cell's tree to offsets, each line looked at once however much stands on it."""

    def __init__(self, cell: CodeCell) -> None:
        self._cell = cell
        self._bytes: dict[int, list[int]] = {}

    def span(self, node: ast.expr) -> tuple[int, int]:
        start = self._offset(node.lineno, node.col_offset)
        return start, self._offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def _offset(self, line: int, column: int) -> int:
        start = self._cell.offset(line, 0)
        if line not in self._bytes:
            row = self._cell.fragment.text[start : self._cell.offset(line + 1, 0)]
            widths = (len(char.encode("utf-8", "surrogatepass")) for char in row)
            self._bytes[line] = [] if row.isascii() else [0, *accumulate(widths)]
        ends = self._bytes[line]
        return start + (bisect_left(ends, column) if ends else column)


def _tokens(cell: CodeCell, columns: _Columns) -> Iterator[tuple[int, int, str]]:
    stack: list[ast.AST] = [] if cell.tree is None else [cell.tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))):
            yield *columns.span(node), "string"
        elif isinstance(node, ast.Constant):
            yield *columns.span(node), "number"
        elif isinstance(node, ast.Name):
            yield *columns.span(node), "name"
        else:
            stack += children(node)


def masked_code(text: str, places: list[Place], language: str) -> str:
    """A code cell's source with a mask at each place.

    Args:
        text: The source.
        places: From left to right.
        language: The notebook's language.

    Returns:
        The source, which parses if it did and if that can be had without leaving a secret in.
    """
    cell = _cell(text, language)
    if not places or cell.tree is None:
        return put(text, places)
    tokens = _Tokens(cell)
    made = put(text, [_fitted(place, tokens) for place in places])
    if _cell(made, language).tree is not None or len(places) > _MOST_TRIED or len(text) > _LONGEST_TRIED:
        return made
    made = text
    # From the end, so that what stands before is as it was, and each step parses.
    for place in reversed(places):
        made = _parsing(made, place, tokens, language)
    return made


def _parsing(text: str, place: Place, tokens: _Tokens, language: str) -> str:
    stood = text[place.start : place.end]
    ways: tuple[Way, ...] = (
        lambda each: _fitted(each, tokens),
        lambda each: _with(each, each.mask, ""),
        lambda each: _with(each, each.mask, quotes_in(stood)),
        lambda each: _with(each, each.mask, _line_ends(stood)),
        lambda each: _quoted(each, tokens),
        lambda each: _with(each, f'"{each.mask}"', ""),
        lambda each: _with(each, _word(each.mask), ""),
        lambda each: _with(each, "0", ""),
    )
    tried = (put(text, [way(place)]) for way in ways)
    return next((made for made in tried if _cell(made, language).tree is not None), put(text, [place]))


def _fitted(place: Place, tokens: _Tokens) -> Place:
    start, end, kind = tokens.at(place)
    if kind == "number":
        return _quoted(place, tokens)
    if kind == "name":
        return Place(place.start, place.end, _word(place.mask, begins=place.start == start))
    if kind == "string" and place.start <= start and place.end >= end:
        return _quoted(place, tokens)
    return place


def _quoted(place: Place, tokens: _Tokens) -> Place:
    start, end, _ = tokens.at(place)
    return Place(min(start, place.start), max(end, place.end), f'"{place.mask}"')


def _with(place: Place, mask: str, kept: str) -> Place:
    return Place(place.start, place.end, mask, kept)


def _word(mask: str, *, begins: bool = True) -> str:
    word = _NO_WORD.sub("_", mask).strip("_")
    return f"masked_{word}" if begins else f"_{word}"


def _line_ends(text: str) -> str:
    return "\n" * text.count("\n")


def _cell(text: str, language: str) -> CodeCell:
    return CodeCell(Fragment(text, Part.SOURCE, (), language))
