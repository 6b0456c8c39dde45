"""Findings of all notebooks to one report: copies folded, equal secrets numbered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stsec_magic.model.finding import Copy, Finding
from stsec_magic.model.problem import Problem
from stsec_magic.model.report import Report

_CHECKPOINTS = ".ipynb_checkpoints"
_SUFFIX = "-checkpoint.ipynb"


def assemble(findings: Iterable[Finding], problems: Iterable[Problem], notebooks: int, cells: int) -> Report:
    """Make a report.

    Args:
        findings: Of all notebooks, in the order wanted.
        problems: Of all notebooks.
        notebooks: How many were looked at.
        cells: How many cells they hold.

    Returns:
        The report.
    """
    folded = fold_copies(list(findings))
    # A file of the project that can't be read is every notebook's problem, and one line of the report.
    return Report(tuple(number_secrets(folded)), tuple(dict.fromkeys(problems)), notebooks, cells)


def original_of(path: str) -> str | None:
    """The notebook that a checkpoint is a copy of.

    Args:
        path: Such as ``nb/.ipynb_checkpoints/eda-checkpoint.ipynb``.

    Returns:
        ``nb/eda.ipynb``; None for a path that is no checkpoint's.
    """
    folder, _, name = path.rpartition("/")
    if not name.endswith(_SUFFIX) or folder.rpartition("/")[2] != _CHECKPOINTS:
        return None
    parent = folder.rpartition("/")[0]
    original = name.removesuffix(_SUFFIX) + ".ipynb"
    return f"{parent}/{original}" if parent else original


def fold_copies(findings: list[Finding]) -> list[Finding]:
    """Fold a checkpoint's finding into that of the byte-identical cell of its notebook."""
    originals: dict[tuple[object, ...], int] = {}
    for i, finding in enumerate(findings):
        if original_of(finding.location.path) is None:
            originals.setdefault(_same(finding, finding.location.path), i)
    copies: dict[int, list[Copy]] = {}
    folded: set[int] = set()
    for i, finding in enumerate(findings):
        original = original_of(finding.location.path)
        target = None if original is None else originals.get(_same(finding, original))
        if target is not None:
            where = finding.location
            copies.setdefault(target, []).append(Copy(where.path, where.cell, where.line))
            folded.add(i)
    return [
        replace(finding, copies=tuple(copies[i])) if i in copies else finding
        for i, finding in enumerate(findings)
        if i not in folded
    ]


def _same(finding: Finding, path: str) -> tuple[object, ...]:
    where = finding.location
    return (path, finding.rule, finding.cell_tag, where.part, where.output, where.mime, where.line, where.column)


def number_secrets(findings: Iterable[Finding]) -> list[Finding]:
    """Give places of the same secret the same ordinal, ``properties.secret_group``."""
    groups: dict[str, int] = {}
    numbered = []
    for finding in findings:
        if finding.tag is not None:
            group = groups.setdefault(finding.tag, len(groups) + 1)
            finding = replace(finding, properties={**finding.properties, "secret_group": group})  # noqa: PLW2901
        numbered.append(finding)
    return numbered
