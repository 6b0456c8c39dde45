"""``--format text``: findings as a person wants to read them, grouped by notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from stsec_magic.model.finding import Excerpt, Finding
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.location import Location
from stsec_magic.model.problem import Problem
from stsec_magic.model.report import Report
from stsec_magic.report.closing import closing
from stsec_magic.report.notes import has_line, notes
from stsec_magic.report.place import place
from stsec_magic.report.twins import Twins
from stsec_magic.report.visible import one_for_one, visible, width

_RESET = "\x1b[0m"
_STYLES = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    Severity.HIGH: "\x1b[1;31m",
    Severity.MEDIUM: "\x1b[1;33m",
    Severity.LOW: "\x1b[1;36m",
    "good": "\x1b[1;32m",
}

Paint = Callable[[str, str], str]


def render(report: Report, *, colour: bool = False) -> str:
    """Draw a report.

    Args:
        report: The report.
        colour: Whether the terminal understands ANSI colours.

    Returns:
        Text with a final newline. Suppressed findings are only counted.
    """
    paint: Paint = _painted if colour else _plain
    blocks: list[str] = []
    twins = Twins(report.active)
    for path, findings in groupby(report.active, key=lambda finding: finding.location.path):
        blocks.append(paint(visible(path), "bold"))
        blocks += [_finding(finding, twins, paint, colour=colour) for finding in findings]
    style = "good" if not report.active else Severity.HIGH if report.failing(Severity.HIGH) else "bold"
    blocks.append(paint(closing(report), style))
    return "\n\n".join(blocks) + "\n"


def problems(rows: Iterable[Problem], *, colour: bool = False) -> str:
    """Problems, one line each, for standard error."""
    paint: Paint = _painted if colour else _plain
    return "".join(f"{paint('problem', Severity.MEDIUM)} {_where(row)}: {visible(row.message)}\n" for row in rows)


def _where(problem: Problem) -> str:
    path = visible(problem.path)
    return path if problem.cell is None else f"{path}, cell {problem.cell}"


def _finding(finding: Finding, twins: Twins, paint: Paint, *, colour: bool) -> str:
    sure = paint(" (low confidence)", "dim") if finding.confidence is Confidence.LOW else ""
    where = finding.location
    lines = [
        f"  {paint(finding.severity.value.ljust(6), finding.severity)} {paint(finding.rule, 'bold')}  "
        f"{place(where)}{paint(_on(where), 'dim')}",
        f"         {visible(finding.message)}{sure}",
    ]
    shared = twins.words(finding)
    if shared:
        lines.append(paint(f"         {visible(shared)}", "dim"))
    if finding.excerpt is not None and twins.is_first(finding):
        lines += [
            f"         {row}" for row in _excerpt(finding.excerpt, paint, colour=colour, severity=finding.severity)
        ]
    lines += [paint(f"         {visible(each)}", "dim") for each in notes(finding)]
    return "\n".join(lines)


def _on(where: Location) -> str:
    return f" · line {where.line}, column {where.column}" if has_line(where) else ""


def _excerpt(excerpt: Excerpt, paint: Paint, *, colour: bool, severity: Severity) -> list[str]:
    digits = len(str(excerpt.first + len(excerpt.lines)))
    rows = []
    for i, line in enumerate(_code(excerpt, colour=colour)):
        number = excerpt.first + i
        rows.append(f"{paint(f'{number:>{digits}} │', 'dim')} {line}".rstrip())
        if number == excerpt.line:
            row = excerpt.lines[i]
            before = width(row[: excerpt.start - 1])
            mark = "^" * max(1, width(row[excerpt.start - 1 : excerpt.end - 1]))
            rows.append(f"{' ' * digits} {paint('│', 'dim')} {' ' * before}{paint(mark, severity)}")
    return rows


def _code(excerpt: Excerpt, *, colour: bool) -> list[str]:
    """The excerpt's lines, coloured where that is wanted."""
    lines = [one_for_one(line) for line in excerpt.lines]
    if not colour:
        return lines
    from pygments import highlight  # only a terminal with colours needs it
    from pygments.formatters import TerminalFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(excerpt.language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return lines
    coloured = highlight("\n".join(lines), lexer, TerminalFormatter()).split("\n")
    return coloured if len(coloured) == len(lines) else lines


def _painted(text: str, style: str) -> str:
    return f"{_STYLES[style]}{text}{_RESET}"


def _plain(text: str, _: str) -> str:
    return text
