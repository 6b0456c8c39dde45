"""What tests ask of a report."""

from __future__ import annotations

from typing import Any

from stsec_magic import Finding, Report, check
from stsec_magic.report import concise, html, json, terminal


def only(notebook: Any, rule: str | None = None) -> Finding:
    """The one finding of a notebook (of one rule); there must be just one."""
    found = [finding for finding in check(notebook).findings if rule in (None, finding.rule)]
    assert len(found) == 1, found
    return found[0]


def rules_of(notebook: Any) -> list[str]:
    """The rules of a notebook's findings, in document order."""
    return [finding.rule for finding in check(notebook).findings]


def place_of(text: str, value: str) -> tuple[int, int]:
    """Line and column, both from 1, of a value that stands once in a text; lines split on newlines alone."""
    assert text.count(value) == 1
    at = text.index(value)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def place(finding: Finding) -> tuple[int, int]:
    """Where a finding stands in its part."""
    return finding.location.line, finding.location.column


def file_place(finding: Finding) -> tuple[int | None, int | None]:
    """Where a finding stands in the .ipynb file."""
    return finding.location.file_line, finding.location.file_column


def everything_said(report: Report) -> str:
    """All that any door can show of a report."""
    return "\n".join(
        (
            json.render(report),
            concise.render(report),
            terminal.render(report),
            terminal.render(report, colour=True),
            terminal.problems(report.problems),
            html.render(report),
            repr(report),
            repr((report.findings, report.problems)),
        )
    )
