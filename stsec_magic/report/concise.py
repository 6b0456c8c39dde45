"""``--format concise``: one line a finding, for editors and grep."""

from __future__ import annotations

from stsec_magic.model.finding import Finding
from stsec_magic.model.report import Report
from stsec_magic.report.closing import closing
from stsec_magic.report.place import short
from stsec_magic.report.visible import visible


def render(report: Report) -> str:
    """One line a finding, and the closing line."""
    lines = [_line(finding) for finding in report.active]
    return "\n".join([*lines, closing(report)]) + "\n"


def _line(finding: Finding) -> str:
    masked = "" if finding.masked is None else f" [{finding.masked}]"
    return f"{short(finding.location)}: {finding.severity.value}: {finding.rule}: {visible(finding.message)}{masked}"
