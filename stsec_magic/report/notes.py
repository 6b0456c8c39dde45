"""What is said below a finding: the places that explain it, and its copies."""

from __future__ import annotations

from stsec_magic.model.finding import Finding, Related
from stsec_magic.model.location import SESSION, Location, Part


def notes(finding: Finding) -> list[str]:
    """Such as ``downloaded here: cell 1, line 2``; not yet made harmless for where they are shown.

    Args:
        finding: Any finding.
    """
    said = [_related(finding, each) for each in finding.related if each.message not in finding.message]
    return said + [f"also in {copy.path}, cell {copy.cell}" for copy in finding.copies]


def has_line(where: Location) -> bool:
    """Whether a finding stands on a line: it doesn't where it concerns a whole file.

    Args:
        where: A finding's location.
    """
    return not (where.part is Part.PROJECT and where.cell is None and (where.line, where.end_column) == (1, 1))


def _related(finding: Finding, related: Related) -> str:
    if related.cell is None and "verdict" in finding.properties:
        return related.message  # what a file does stands on no line of it
    home = "" if related.path == finding.location.path else f"{related.path}, "
    return f"{related.message}: {home}{_cell(related)}line {related.line}"


def _cell(related: Related) -> str:
    if related.cell is None:
        return ""  # a script has no cells
    return f"In [{related.cell}], " if related.path == SESSION else f"cell {related.cell}, "
