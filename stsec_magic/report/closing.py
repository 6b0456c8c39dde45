"""The one line that closes a report for people."""

from __future__ import annotations

from stsec_magic.model.levels import Severity
from stsec_magic.model.report import Report


def closing(report: Report) -> str:
    """Such as ``3 notebooks, 41 cells: 5 findings (4 high, 1 low), 1 suppressed, 1 problem``."""
    counts = [
        (severity, sum(finding.severity is severity for finding in report.active)) for severity in reversed(Severity)
    ]
    found = ", ".join(f"{n} {severity.value}" for severity, n in counts if n)
    looked_at = f"{_plural(report.notebooks, 'notebook')}, {_plural(report.cells, 'cell')}"
    parts = [f"{_plural(len(report.active), 'finding')} ({found})" if found else "nothing found"]
    suppressed = len(report.findings) - len(report.active)
    if suppressed:
        parts.append(f"{suppressed} suppressed")
    if report.problems:
        parts.append(_plural(len(report.problems), "problem"))
    return f"{looked_at}: {', '.join(parts)}"


def _plural(n: int, word: str) -> str:
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"
