"""One notebook in memory, checked with what its project chose and what its baseline knows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stsec_magic.audit import baselines
from stsec_magic.audit.run import Audit
from stsec_magic.checker import Examined, examine
from stsec_magic.hits import IN_MEMORY
from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.notebook.read import from_mapping
from stsec_magic.report.bundle import ShownReport
from stsec_magic.triage.assemble import assemble


@dataclass(frozen=True, slots=True)
class CheckedNotebook:
    """What the check of a notebook gave.

    Attributes:
        examined: The findings with what they were made from. It holds the secrets: nothing of it may leave.
        report: The findings, those that the baseline knows suppressed.
        failing: The findings at or above the threshold that nobody suppressed; their confidence isn't low.
    """

    examined: Examined = field(repr=False)
    report: ShownReport
    failing: tuple[Finding, ...]


def checked(notebook: Mapping[str, Any], path: str | None, config: Config) -> CheckedNotebook:
    """Check a notebook that is in memory.

    Args:
        notebook: nbformat's JSON, as a plain dict or a NotebookNode.
        path: The file that it came from, so that the project's secrets, the files beside it and the choices for its
            path count; None where there is none.
        config: Choices.

    Raises:
        ConfigError: The baseline that they name can't be read.
    """
    path = IN_MEMORY if path is None else path
    examined = examine(from_mapping(notebook, path), config, os.urandom(16))
    found = examined.checked
    result = Audit(assemble(found.findings, found.problems, 1, found.cells), (), frozenset((path,)), files=(path,))
    report = ShownReport.of(baselines.known(result, config).report)
    return CheckedNotebook(examined, report, report.failing(config.fail_on))
