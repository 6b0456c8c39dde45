"""Cells' numbers as they are in the file, whatever was taken out of the notebook since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from stsec_magic.conversion.checked import CheckedNotebook
from stsec_magic.model.finding import Finding
from stsec_magic.model.location import Location
from stsec_magic.model.problem import Problem
from stsec_magic.report.bundle import ShownReport

_CELLS = "/cells/"


class Numbers:
    """Remembers which cell had which number: nbconvert takes cells out, and never copies those that stay."""

    def __init__(self, notebook: Mapping[str, Any]) -> None:
        """Take the notebook as it came."""
        self._cells = list(notebook.get("cells", ()))  # held, so that no other object gets the id of one of them
        self._numbers = {id(cell): number for number, cell in enumerate(self._cells, 1)}

    def as_they_were(self, found: CheckedNotebook, notebook: Mapping[str, Any]) -> CheckedNotebook:
        """The result of a check, with the numbers that the user sees in the notebook.

        Args:
            found: What was found.
            notebook: The notebook in which it was found.
        """
        now = enumerate(notebook.get("cells", ()), 1)
        numbers = {number: self._numbers.get(id(cell), number) for number, cell in now}
        if all(number == before for number, before in numbers.items()):
            return found
        report = found.report
        findings = {id(each): _finding(each, numbers) for each in report.findings}
        return replace(
            found,
            report=ShownReport(
                tuple(findings.values()),
                tuple(_problem(each, numbers) for each in report.problems),
                report.notebooks,
                report.cells,
            ),
            failing=tuple(findings[id(each)] for each in found.failing),
        )


def _finding(finding: Finding, numbers: Mapping[int, int]) -> Finding:
    path = finding.location.path
    related = tuple(
        replace(each, cell=_number(each.cell, numbers)) if each.path == path else each for each in finding.related
    )
    return replace(finding, location=_location(finding.location, numbers), related=related)


def _problem(problem: Problem, numbers: Mapping[int, int]) -> Problem:
    return replace(problem, cell=_number(problem.cell, numbers))


def _location(location: Location, numbers: Mapping[int, int]) -> Location:
    cell = _number(location.cell, numbers)
    pointer = location.pointer
    if pointer is not None and cell is not None and pointer.startswith(_CELLS):
        index, slash, rest = pointer.removeprefix(_CELLS).partition("/")
        pointer = f"{_CELLS}{cell - 1}{slash}{rest}" if index.isdecimal() else pointer
    return replace(location, cell=cell, pointer=pointer)


def _number(cell: int | None, numbers: Mapping[int, int]) -> int | None:
    return None if cell is None else numbers.get(cell, cell)
