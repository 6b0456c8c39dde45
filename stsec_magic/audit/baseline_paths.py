"""A baseline's paths: how it writes them, and whether an audit looked at what stands there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from stsec_magic.audit.run import Audit
from stsec_magic.model.config import Config
from stsec_magic.model.problem import ProblemKind
from stsec_magic.model.rule import Group
from stsec_magic.notebook.read import STDIN
from stsec_magic.notebook.silencers import UNUSED
from stsec_magic.rules.catalogue import rules
from stsec_magic.triage.baseline import KnownFinding

_NOTEBOOK = ".ipynb"
_UNSEEN = frozenset((ProblemKind.UNREADABLE, ProblemKind.TOO_LARGE, ProblemKind.INVALID_JSON, ProblemKind.INTERNAL))
"""Of a file with such a problem not everything was seen."""


class Base:
    """Paths from the folder of a baseline on, so that an audit may start anywhere."""

    def __init__(self, file: str) -> None:
        """Take the baseline's file."""
        self._folder = Path(file).resolve().parent
        self._folders: dict[Path, Path] = {}

    def written(self, path: str) -> str:
        """A path of a report as the baseline has it.

        Args:
            path: As given or found.
        """
        if path == STDIN:
            return path
        # Files of a project above the working directory are shown from the home on.
        whole = self._whole(Path(path).expanduser() if path.startswith("~/") else Path(path))
        try:
            return Path(os.path.relpath(whole, self._folder)).as_posix()
        except ValueError:  # on another drive
            return whole.as_posix()

    def found(self, path: str) -> Path:
        """The file that a path in the baseline leads to.

        Args:
            path: As the baseline has it.
        """
        return self._whole(self._folder / path)

    def _whole(self, path: Path) -> Path:
        """Absolute, its folders without links; a file that is a link stays one."""
        folder = path.parent
        if folder not in self._folders:
            self._folders[folder] = folder.resolve()
        return self._folders[folder] / path.name


class Seen:
    """What an audit looked at."""

    def __init__(self, result: Audit, base: Base) -> None:
        """Take an audit, and how the baseline writes paths."""
        self._base = base
        unseen = {base.written(each.path) for each in result.report.problems if each.kind in _UNSEEN}
        self._files = {base.written(each) for each in result.files} - unseen
        # Single notebooks are checked without their project.
        self._is_project_seen = any(os.path.isdir(each) for each in result.named)  # noqa: PTH112  as in discover
        self._roots = [Path(each).resolve() for each in sorted(result.named)]
        self._artifacts = [Path(each).resolve() for each in result.artifacts]

    def may_have_moved(self, path: str) -> bool:
        """Whether a problem at a path may be another file's now: not if the file is there and was only not looked at.

        Args:
            path: As the baseline has it.
        """
        return path in self._files or path == STDIN or not os.path.lexists(self._base.found(path))

    def covers(self, path: str) -> bool:
        """Whether the audit would have shown what is wrong with a file: it was looked at, or is gone from there.

        Args:
            path: As the baseline has it.
        """
        if path in self._files or path == STDIN:
            return path in self._files
        whole = self._base.found(path)
        is_left_out = path.endswith(_NOTEBOOK) and os.path.lexists(whole)
        return not is_left_out and _is_below(whole, self._roots)

    def would_show(self, entry: KnownFinding, config: Config) -> bool:
        """Whether the audit would have shown what an entry knows, were it still there.

        Args:
            entry: Of the baseline.
            config: Which rules were selected.
        """
        rule = rules().get(entry.rule)
        if rule is not None and not config.selects(rule, entry.path):
            return False
        if rule is not None and rule.group is Group.PROJECT and rule.id != UNUSED:
            return self._is_project_seen and self.covers(entry.path)
        is_inspected = rule is not None and rule.group is Group.ARTIFACTS and not entry.path.endswith(_NOTEBOOK)
        return _is_below(self._base.found(entry.path), self._artifacts) if is_inspected else self.covers(entry.path)


def _is_below(path: Path, roots: Iterable[Path]) -> bool:
    return any(path.is_relative_to(root) for root in roots)
