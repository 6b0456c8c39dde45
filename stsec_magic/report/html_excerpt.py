"""The masked lines around a finding as HTML: coloured code, line numbers, a mark under the span."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from stsec_magic.model.finding import Excerpt
from stsec_magic.model.levels import Severity
from stsec_magic.report import palette
from stsec_magic.report.markup import coloured, element
from stsec_magic.report.visible import one_for_one, width

# JupyterLab's own style wraps lines in <pre>: the mark would stand under something else.
_PRE = (
    "margin:6px 0 4px 0;padding:6px 10px;overflow-x:auto;white-space:pre;line-height:1.4;text-align:left;"
    f"background:{palette.TINT}"
)


def excerpt(rows: Excerpt, severity: Severity) -> str:
    """Draw an excerpt.

    Args:
        rows: The lines.
        severity: Whose colour the mark has.

    Returns:
        One ``<pre>``, in which every line is a line of text, so that it reads well without any style.
    """
    digits = len(str(rows.first + len(rows.lines)))
    drawn = []
    for i, line in enumerate(_code(rows)):
        number = rows.first + i
        drawn.append(f"{_gutter(f'{number:>{digits}}')} {line}")
        if number == rows.line:
            shown = rows.lines[i]
            before = " " * width(shown[: rows.start - 1])
            mark = "^" * max(1, width(shown[rows.start - 1 : rows.end - 1]))
            drawn.append(f"{_gutter(' ' * digits)} {before}{coloured(mark, palette.SEVERITIES[severity], 'b')}")
    return element("pre", "\n".join(drawn), _PRE)


def _gutter(number: str) -> str:
    return element("span", f"{number} │", palette.QUIET)


def _code(rows: Excerpt) -> list[str]:
    """The excerpt's lines as HTML."""
    lines = [one_for_one(line) for line in rows.lines]
    coloured_lines = "".join(_tokens("\n".join(lines), rows.language)).split("\n")
    return coloured_lines if len(coloured_lines) == len(lines) else [escape(line) for line in lines]


def _tokens(code: str, language: str) -> Iterator[str]:
    """Code as HTML, piece by piece; no tag spans two lines."""
    from pygments.lexers import get_lexer_by_name  # nothing needs it before a notebook shows a report
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        yield escape(code)
        return
    colour: str | None = None
    piece = ""
    for kind, value in lexer.get_tokens(code):
        own = palette.of_token(kind)
        if own != colour:
            yield _piece(piece, colour)
            colour, piece = own, ""
        piece += value
    yield _piece(piece, colour)


def _piece(code: str, colour: str | None) -> str:
    return "\n".join(coloured(escape(line), colour if line.strip() else None) for line in code.split("\n"))
