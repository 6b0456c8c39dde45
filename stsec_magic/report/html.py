"""The report as a notebook shows it: HTML that reads well with its inline styles, and without any.

JupyterLab sanitizes what an untrusted notebook holds, and GitHub takes the styles away. So there is no class, no id, no
<style>, nothing from elsewhere; only tags and properties that JupyterLab lets through (tests/report/test_html.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from stsec_magic.model.finding import Finding
from stsec_magic.model.levels import Confidence
from stsec_magic.model.problem import Problem
from stsec_magic.model.report import Report
from stsec_magic.report import palette
from stsec_magic.report.closing import closing
from stsec_magic.report.html_excerpt import excerpt
from stsec_magic.report.markup import coloured, element, text
from stsec_magic.report.notes import has_line, notes
from stsec_magic.report.place import place
from stsec_magic.report.twins import Twins

_SHOWN = 30
_FOLDED = 70
_PROBLEMS = 20

_HEADLINE = "margin:2px 0 8px 0"
_PATH = "margin:10px 0 2px 0"
_LEVELS = re.compile(r"\b(\d[\d,]{0,20} (?:high|medium|low))\b")
# What a format says is ours, from a file of the package; a stranger's words make no link.
_REVOKE = re.compile(r"(; revoke it: )(https://[\w./?=&#%+-]{1,300})(?= \(|\Z)")

# JupyterLab stripes the rows of a table, aligns them right, and lets a long line widen it.
_TABLE = "width:100%;table-layout:fixed;border-collapse:collapse;margin:0;text-align:left"
_ROW = "background:transparent"
_CELL = f"border:none;border-top:1px solid {palette.LINE};vertical-align:top;text-align:left"
_LEFT = f"{_CELL};width:4.5em;padding:6px 8px 6px 0"
_RIGHT = f"{_CELL};padding:6px 0 6px 0;overflow-wrap:break-word"


def render(report: Report) -> str:
    """Draw a report.

    Args:
        report: The report.

    Returns:
        One ``<div>``. Suppressed findings are only counted; what is beyond the first thirty is folded.
    """
    active = report.active
    twins = Twins(active)
    blocks = [_headline(report), *_notebooks(active[:_SHOWN], twins)]
    folded = active[_SHOWN : _SHOWN + _FOLDED]
    if folded:
        summary = element("summary", f"{len(folded)} more", "margin:10px 0 2px 0;cursor:pointer")
        blocks.append(element("details", "\n".join((summary, *_notebooks(folded, twins)))))
    left = len(active) - _SHOWN - _FOLDED
    if left > 0:
        blocks.append(element("p", f"{left:,} more are in the report's <code>findings</code>.", _PATH))
    blocks += _problems(report.problems)
    return element("div", "\n".join(blocks), "max-width:900px;line-height:1.5;text-align:left")


def _headline(report: Report) -> str:
    words = text(closing(report))
    if not report.active and not report.problems:
        return element("p", coloured(f"✓ {words}", palette.GREEN, "b"), _HEADLINE)
    levels = {severity.value: colour for severity, colour in palette.SEVERITIES.items()}
    return element(
        "p",
        element("b", _LEVELS.sub(lambda match: coloured(match[0], levels[match[0].rpartition(" ")[2]]), words)),
        _HEADLINE,
    )


def _notebooks(findings: Sequence[Finding], twins: Twins) -> list[str]:
    blocks = []
    for path, group in groupby(findings, key=lambda finding: finding.location.path):
        blocks.append(element("div", element("b", text(path)), _PATH))
        blocks.append(_table(_row(finding, twins) for finding in group))
    return blocks


def _table(rows: Iterable[tuple[str, str]]) -> str:
    drawn = [
        element("tr", element("td", left, _LEFT) + element("td", "\n".join(("", right, "")), _RIGHT), _ROW)
        for left, right in rows
    ]
    return element("table", "\n".join(("", element("tbody", "\n".join(drawn)), "")), _TABLE)


def _row(finding: Finding, twins: Twins) -> tuple[str, str]:
    severity = coloured(finding.severity.value, palette.SEVERITIES[finding.severity], "b")
    where = f"{place(finding.location)}{f' · line {finding.location.line}' if has_line(finding.location) else ''}"
    sure = element("span", " (low confidence)", palette.QUIET) if finding.confidence is Confidence.LOW else ""
    lines = [
        element("div", f"{element('b', text(finding.rule))} · {text(where)}"),
        element("div", f"{_message(finding)}{sure}"),
    ]
    if finding.excerpt is not None and twins.is_first(finding):
        lines.append(excerpt(finding.excerpt, finding.severity))
    shared = twins.words(finding)
    said = [shared, *notes(finding)] if shared else notes(finding)
    lines += [element("div", text(words), palette.QUIET) for words in said]
    return severity, "\n".join(lines)


def _message(finding: Finding) -> str:
    message = text(finding.message)
    if "provider" not in finding.properties:
        return message
    style = f"color:{palette.BLUE}"
    return _REVOKE.sub(lambda match: f'{match[1]}<a href="{match[2]}" style="{style}">{match[2]}</a>', message)


def _problems(problems: Sequence[Problem]) -> list[str]:
    if not problems:
        return []
    word = coloured("problem", palette.AMBER, "b")
    rows = [(word, element("div", text(f"{_where(row)}: {row.message}"))) for row in problems[:_PROBLEMS]]
    blocks = [element("div", element("b", "Not checked in full"), _PATH), _table(rows)]
    left = len(problems) - _PROBLEMS
    if left > 0:
        blocks.append(element("p", f"{left:,} more are in the report's <code>problems</code>.", _PATH))
    return blocks


def _where(problem: Problem) -> str:
    return problem.path if problem.cell is None else f"{problem.path}, cell {problem.cell}"
