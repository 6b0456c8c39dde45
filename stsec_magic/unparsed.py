"""Cells that could not be taken apart, as problems of their notebook."""

from __future__ import annotations

import re

from stsec_magic.model.problem import ProblemKind
from stsec_magic.notebook.read import RawNotebook
from stsec_magic.rules.base import Subject
from stsec_magic.source.program import CodeCell
from stsec_magic.source.syntax import LONGEST

_PYTHON_2 = re.compile(
    r"^[ \t]*(?:print[ \t]+[\"'\w]|exec[ \t]+[\"'\w]|raise[ \t]+\w+[ \t]*,|except[ \t]+[\w.]+[ \t]*,[ \t]*\w)",
    re.MULTILINE,
)


def name_unparsed(subject: Subject, raw: RawNotebook) -> None:
    """Name the cells whose syntax tree or tokens a rule asked for in vain; nothing was missed in the others.

    Args:
        subject: The notebook as rules saw it.
        raw: Gets the problems.
    """
    is_old = False
    for cell in subject.asked_for:
        why = _why(cell)
        if why is None:
            continue
        if why != _OLD:
            text = f"the cell {why}; it was searched by its text alone"
            raw.problem(ProblemKind.UNPARSED_CELL, text, cell.fragment.cell)
        elif not is_old:
            is_old = True
            text = "is written in Python 2; its cells were searched by their text alone"
            raw.problem(ProblemKind.UNPARSED_CELL, text, cell.fragment.cell)


_OLD = "is Python 2"


def _why(cell: CodeCell) -> str | None:
    """Why a cell could not be taken apart; None where it could, or nobody asked."""
    if cell.is_python and cell.was_parsed and cell.tree is None:
        if _PYTHON_2.search(cell.fragment.text):
            return _OLD
        return "is too long to be parsed" if len(cell.fragment.text) > LONGEST else "is not valid Python"
    if cell.was_given_up:
        return "is too long or too odd to be read by its language's tokens"
    return None
