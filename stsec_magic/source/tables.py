"""Columns of a table that is shown: a data frame, CSV, Markdown, HTML as it is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stsec_magic.notebook.lines import line_end, line_start
from stsec_magic.source.keyvalue import Name
from stsec_magic.source.namedvalue import Form, NamedValue

_MOST_ROWS = 100
_LONGEST_ROW = 2000

# As HTML is read: each cell between two tabs, rows at least two line breaks apart.
_SEEN_CELL = re.compile(r"\t([^\t]{0,2000})\t")
_SEEN_ROW_END = re.compile(r"\n[ ]{0,40}\n")
_RULE = re.compile(r"[\s|:+=\-]{0,2000}")
_SPACED_CELL = re.compile(r"[^ \t]+(?: [^ \t]+)*")
_SEPARATORS = "|\t;,"

_Span = tuple[int, int]


def column_values(text: str, name: Name) -> Iterator[NamedValue]:
    """The values under a name that heads a column.

    Args:
        text: A text that is shown.
        name: A name in it.

    Yields:
        What stands in its column, row by row; nothing where the name is no cell of its own.
    """
    rows = _seen_rows(text, name) if _is_seen_cell(text, name) else _lines(text, name)
    header = next(rows, None)
    if header is None or (name.start, name.end) not in header:
        return
    # From the right: an index column has no name.
    place = header[::-1].index((name.start, name.end))
    for row in rows:
        # A column alone stands beside an index: one word above another is no table.
        if len(row) != len(header) + 1 and (len(row) != len(header) or len(header) == 1):
            return
        start, end = row[::-1][place]
        if end > start:
            yield NamedValue(name.text, text[start:end], start, end, Form.BARE, name.start)


def _is_seen_cell(text: str, name: Name) -> bool:
    before = text[max(0, name.start - 2) : name.start]
    return before[-1:] == "\t" and before[:-1] in ("", "\t", "\n", " ") and text[name.end : name.end + 1] == "\t"


def _seen_rows(text: str, name: Name) -> Iterator[list[_Span]]:
    low = max(0, name.start - _LONGEST_ROW)
    start = low
    for match in _SEEN_ROW_END.finditer(text, low, name.start):
        start = match.end()
    for _ in range(_MOST_ROWS):
        furthest = min(len(text), start + _LONGEST_ROW)
        end = _SEEN_ROW_END.search(text, start, furthest)
        stop = end.start() if end else furthest
        cells = [_trimmed(text, *match.span(1)) for match in _SEEN_CELL.finditer(text, start, stop)]
        if cells:
            yield cells
        if end is None:
            return
        start = end.end() - 1  # a third line break may belong to the next pair


def _lines(text: str, name: Name) -> Iterator[list[_Span]]:
    start = line_start(text, name.start, _LONGEST_ROW)
    end = line_end(text, name.end, _LONGEST_ROW)
    separator = next((each for each in _SEPARATORS if each in text[start:end]), "")
    for _ in range(_MOST_ROWS):
        if end - start >= _LONGEST_ROW or not text[start:end].strip():
            return
        if not _RULE.fullmatch(text, start, end):
            yield list(_cells(text, start, end, separator))
        start, end = end + 1, line_end(text, end + 1, _LONGEST_ROW)


def _cells(text: str, start: int, end: int, separator: str) -> Iterator[_Span]:
    if not separator:
        yield from (match.span() for match in _SPACED_CELL.finditer(text, start, end))
        return
    if separator == "|":
        start, end = _trimmed(text, start, end)
        start += text[start : start + 1] == "|"
        end -= text[end - 1 : end] == "|"
    while True:
        at = text.find(separator, start, end)
        yield _trimmed(text, start, at if at >= 0 else end)
        if at < 0:
            return
        start = at + 1


def _trimmed(text: str, start: int, end: int) -> _Span:
    cell = text[start:end]
    left = len(cell) - len(cell.lstrip(" \"'`\n"))
    return start + left, max(start + left, end - (len(cell) - len(cell.rstrip(" \"'`\n"))))
