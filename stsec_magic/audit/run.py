"""The batch: paths to one report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from stsec_magic.audit.discover import Found, discover
from stsec_magic.audit.writers import name_writers
from stsec_magic.checker import Checked, check_one
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.model.report import Report
from stsec_magic.notebook.read import STDIN
from stsec_magic.triage.assemble import assemble
from stsec_magic.triage.baseline import Baseline

EXIT_CLEAN, EXIT_FINDINGS, EXIT_ERROR = 0, 1, 2


_WORTH_A_PROCESS = 16
"""Starting a worker costs about as much as checking this many notebooks."""


class Progress(Protocol):
    """Is told how far the work is; tqdm's bars are such."""

    def __enter__(self) -> Self:
        """Begin to show it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> None:
        """Take it away."""

    def update(self, n: int) -> object:
        """So many more files are done."""


class _Silent:
    """Shows nothing."""

    def __init__(self, total: int) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def update(self, n: int) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit gave.

    Attributes:
        report: The report.
        missing: Paths that don't exist.
        named: Files that were named outright rather than met while walking.
        unchecked: How many files were left when the user interrupted.
        interrupted: Whether the user did.
        files: The notebooks that were looked at.
        artifacts: Where artifacts were looked for.
        recorded: The problems that the baseline knows.
        unmatched: How many entries of the baseline match nothing any more.
        beyond: What the baseline knows of what this audit didn't look at.
    """

    report: Report
    missing: tuple[str, ...]
    named: frozenset[str]
    unchecked: int = 0
    interrupted: bool = False
    files: tuple[str, ...] = ()
    artifacts: tuple[str, ...] = ()
    recorded: frozenset[Problem] = frozenset()
    unmatched: int = 0
    beyond: Baseline = field(default_factory=Baseline)

    def status(self, config: Config, *, strict: bool) -> int:
        """The exit status.

        Args:
            config: Its ``fail_on`` is the threshold.
            strict: Whether every problem is an error that the baseline doesn't know.

        Returns:
            2 for an interruption, a missing path, a named file that can't be read, an internal fault (or, if strict,
            any problem); else 1 for findings that fail; else 0.
        """
        if (
            self.interrupted
            or self.missing
            or any(self._is_error(problem, strict=strict) for problem in self.report.problems)
        ):
            return EXIT_ERROR
        return EXIT_FINDINGS if self.report.failing(config.fail_on) else EXIT_CLEAN

    def _is_error(self, problem: Problem, *, strict: bool) -> bool:
        if (strict and problem not in self.recorded) or problem.kind is ProblemKind.INTERNAL:
            return True
        return problem.path in self.named and problem.kind in (ProblemKind.UNREADABLE, ProblemKind.TOO_LARGE)


def audit(
    paths: Sequence[str],
    config: Config,
    jobs: int = 1,
    progress: Callable[[int], Progress] = _Silent,
    artifacts: Sequence[str] = (),
) -> Audit:
    """Audit files and folders.

    Args:
        paths: As given.
        config: Choices.
        jobs: How many processes may work at a time.
        progress: Called with the number of files; its result is told of each file that is done.
        artifacts: Files and folders in which pickles are inspected whether or not a notebook loads them.

    Returns:
        The report and what the exit status needs; after Ctrl-C what was found until then.
    """
    found = discover(paths, config)
    results: list[tuple[int, Checked]] = []
    interrupted = False
    cells = done = 0
    with progress(len(found.files)) as bar:
        try:
            for number, checked in check_files(found.files, config, os.urandom(16), jobs):
                done += 1
                cells += checked.cells
                if checked.findings or checked.problems:
                    results.append((number, checked))
                bar.update(1)
        except KeyboardInterrupt:
            interrupted = True
    results.sort(key=lambda row: row[0])
    findings = [finding for _, checked in results for finding in checked.findings]
    problems = [problem for _, checked in results for problem in checked.problems]
    if not interrupted:
        findings = name_writers(findings, [*found.files, *found.scripts])
        for more, unread in _inspected(artifacts, config, found):
            findings += more
            problems += unread
        findings, unread = _with_project(paths, found, findings, config)
        problems += unread
    report = assemble(
        findings,
        [*found.problems, *problems],
        done,
        cells,
    )
    return Audit(
        report,
        tuple(found.missing),
        frozenset(paths),
        len(found.files) - done if interrupted else 0,
        interrupted,
        tuple(found.files),
        tuple(artifacts),
    )


def _inspected(paths: Sequence[str], config: Config, found: Found) -> Iterator[tuple[list[Finding], list[Problem]]]:
    if paths:
        from stsec_magic.artifact_check import check_artifact  # a fifth of the start, which most audits don't need
        from stsec_magic.audit.artifacts import find_artifacts

        yield from (check_artifact(path, config) for path in find_artifacts(paths, config, found))


def _with_project(
    paths: Sequence[str], found: Found, findings: list[Finding], config: Config
) -> tuple[list[Finding], list[Problem]]:
    folders = [path for path in paths if path != STDIN and os.path.isdir(path)]  # noqa: PTH112  as in discover
    if not folders:
        return findings, []
    from stsec_magic.audit.project import check_project, not_in_vain  # for single notebooks in vain

    more, unread = check_project(folders, found, findings, config)
    return [*not_in_vain(findings, more), *more], unread


def check_files(paths: Sequence[str], config: Config, key: bytes, jobs: int) -> Iterator[tuple[int, Checked]]:
    """Check notebooks, here or on several processes.

    Args:
        paths: The files.
        config: Choices.
        key: Secret of this run.
        jobs: How many processes may work at a time.

    Yields:
        Each file's number and result, in any order.
    """
    jobs = min(jobs, len(paths) // _WORTH_A_PROCESS)
    if jobs < 2 or STDIN in paths:
        for number, path in enumerate(paths):
            yield number, check_one(path, config, key)
        return
    from stsec_magic.audit.pool import check_on_processes  # 15 ms, for a few files in vain

    yield from check_on_processes(paths, config, key, jobs)
