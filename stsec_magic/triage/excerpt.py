"""The masked lines around a finding."""

from __future__ import annotations

from stsec_magic.model.finding import Excerpt
from stsec_magic.model.hit import Hit
from stsec_magic.notebook.lines import line_end, line_start
from stsec_magic.triage.masking import Masker

_CONTEXT = 1
_BEFORE = 60
_AFTER = 100
_CUT = "…"
_REACH = 2000


def excerpt(hit: Hit, masker: Masker, number: int) -> Excerpt:
    """Cut the lines around a hit out of its text.

    Args:
        hit: A grounded hit.
        masker: The notebook's masker.
        number: The number of the line that the hit begins in.

    Returns:
        One line before and after, long ones shortened around the span.
    """
    text = hit.fragment.text
    start = _back(text, hit.start)
    end = _forth(text, min(hit.end, hit.start + _REACH))
    window = masker.window(hit.fragment, start, end, (hit.start, min(hit.end, end)))
    lines = window.text.split("\n")
    first = number - text.count("\n", start, hit.start)
    line, column = _place(window.text, window.start)
    end_line, end_column = _place(window.text, window.end)
    stop = end_column if end_line == line else len(lines[line]) if line < len(lines) else column
    shown = [_shorten(row, column if i == line else 0) for i, row in enumerate(lines)]
    cut = shown[line][1] if line < len(shown) else 0
    rows = tuple(row for row, _ in shown)
    width = len(rows[line]) if line < len(rows) else 0
    begin = max(0, column - cut)
    last = line + max(0, min(end_line - line, 3))
    above = next((i for i, row in enumerate(rows[: line + 1]) if row.strip() or i == line), 0)
    below = last + 1 + (_CONTEXT if any(row.strip() for row in rows[last + 1 : last + 1 + _CONTEXT]) else 0)
    return Excerpt(
        first=first + above,
        lines=rows[above:below],
        line=first + line,
        start=begin + 1,
        end=max(begin + 2, min(stop - cut, width) + 1),
        language=hit.fragment.language,
    )


def _back(text: str, offset: int) -> int:
    """Start of the stretch: the line of the span and those before it, but not too far."""
    at = line_start(text, offset, _REACH)
    for _ in range(_CONTEXT):
        if at > 0 and text[at - 1] == "\n":
            at = line_start(text, at - 1, _REACH)
    return at


def _forth(text: str, offset: int) -> int:
    """End of the stretch: the span's last line and those after it, but not too far."""
    at = line_end(text, offset, _REACH)
    for _ in range(_CONTEXT):
        if text[at : at + 1] == "\n":
            at = line_end(text, at + 1, _REACH)
    return at


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset), offset - (text.rfind("\n", 0, offset) + 1)


def _shorten(line: str, column: int) -> tuple[str, int]:
    """A line around a column, and how many columns were cut off before it."""
    line = line.rstrip("\r").replace("\t", " ").replace("\r", " ")
    if len(line) <= _BEFORE + _AFTER:
        return line, 0
    start = max(0, column - _BEFORE)
    end = min(len(line), start + _BEFORE + _AFTER)
    cut = start - len(_CUT) if start else 0
    return (_CUT if start else "") + line[start:end] + (_CUT if end < len(line) else ""), cut
