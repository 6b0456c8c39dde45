"""The result of a check or an audit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from stsec_magic._version import __version__
from stsec_magic.model.finding import Finding
from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.problem import Problem

SCHEMA = "stsec-report/1"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found and everything that could not be checked.

    Attributes:
        findings: All findings, the suppressed ones too, in document order.
        problems: What could not be checked.
        notebooks: How many notebooks were looked at.
        cells: How many cells they hold.
    """

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    notebooks: int
    cells: int

    @property
    def active(self) -> tuple[Finding, ...]:
        """The findings that nobody suppressed."""
        return tuple(finding for finding in self.findings if finding.suppressed is None)

    def failing(self, threshold: Severity | None) -> tuple[Finding, ...]:
        """The findings that make an audit fail.

        Args:
            threshold: The least severity that fails; None for "never".

        Returns:
            Active findings at or above it whose confidence is not low.
        """
        if threshold is None:
            return ()
        return tuple(
            finding
            for finding in self.active
            if finding.severity.rank >= threshold.rank and finding.confidence is not Confidence.LOW
        )

    def to_dict(self) -> dict[str, Any]:
        """The report as one JSON-ready object (schema ``stsec-report/1``)."""
        active = len(self.active)
        return {
            "schema": SCHEMA,
            "tool": {"name": "stsec-magic", "version": __version__},
            "summary": {
                "notebooks": self.notebooks,
                "cells": self.cells,
                "findings": active,
                "problems": len(self.problems),
                "suppressed": len(self.findings) - active,
            },
            "findings": [finding_to_dict(finding) for finding in self.findings],
            "problems": [problem.to_dict() for problem in self.problems],
        }


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """A finding as the JSON report shows it: flat, without excerpt and run-internal tags."""
    location = asdict(finding.location)
    location["part"] = finding.location.part.value
    suppressed = finding.suppressed
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        **location,
        "message": finding.message,
        "masked": finding.masked,
        "fingerprint": finding.fingerprint,
        "copies": _dicts(finding.copies),
        "related": _dicts(finding.related),
        "properties": dict(finding.properties),
        "fixable": finding.fixable,
        "suppressed": None if suppressed is None else asdict(suppressed),
    }


def _dicts(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]
