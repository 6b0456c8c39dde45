"""The batch: paths to one report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from stsec_magic.audit.discover import discover
from stsec_magic.audit.pool import check_files
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.model.report import Report
from stsec_magic.triage.assemble import assemble

EXIT_CLEAN, EXIT_FINDINGS, EXIT_ERROR = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit gave.

    Attributes:
        report: The report.
        missing: Paths that don't exist.
        named: Files that were named outright rather than met while walking.
    """

    report: Report
    missing: tuple[str, ...]
    named: frozenset[str]

    def status(self, config: Config, *, strict: bool) -> int:
        """The exit status.

        Args:
            config: Its ``fail_on`` is the threshold.
            strict: Whether every problem is an error.

        Returns:
            2 for a missing path, a named file that can't be read, an internal fault (or, if strict,
            any problem); else 1 for findings that fail; else 0.
        """
        if self.missing or any(self._is_error(problem, strict=strict) for problem in self.report.problems):
            return EXIT_ERROR
        return EXIT_FINDINGS if self.report.failing(config.fail_on) else EXIT_CLEAN

    def _is_error(self, problem: Problem, *, strict: bool) -> bool:
        if strict or problem.kind is ProblemKind.INTERNAL:
            return True
        return problem.path in self.named and problem.kind in (ProblemKind.UNREADABLE, ProblemKind.TOO_LARGE)


def audit(paths: Sequence[str], config: Config, jobs: int = 1) -> Audit:
    """Audit files and folders.

    Args:
        paths: As given.
        config: Choices.
        jobs: How many processes may work at a time.

    Returns:
        The report and what the exit status needs.
    """
    key = os.urandom(16)
    found = discover(paths, config)
    findings: list[Finding] = []
    problems: list[Problem] = list(found.problems)
    cells = 0
    for checked in check_files(found.files, config, key, jobs):
        findings += checked.findings
        problems += checked.problems
        cells += checked.cells
    report = assemble(findings, problems, len(found.files), cells)
    return Audit(report, tuple(found.missing), frozenset(paths))
