"""A finding in a line: its message, and the line of code in which it stands."""

from __future__ import annotations

from stsec_magic.model.finding import Finding
from stsec_magic.report.visible import visible

_WIDEST = 160


def message(finding: Finding) -> str:
    """What is wrong, without the page where a secret is revoked.

    Args:
        finding: The finding.
    """
    return visible(finding.message).partition("; revoke it: ")[0]


def code_line(finding: Finding) -> str:
    """The line in which it begins, masked; empty where there is none to show.

    Args:
        finding: The finding.
    """
    excerpt = finding.excerpt
    row = "" if excerpt is None else visible(excerpt.lines[excerpt.line - excerpt.first])
    return row if len(row) <= _WIDEST else f"{row[: _WIDEST - 1]}…"
