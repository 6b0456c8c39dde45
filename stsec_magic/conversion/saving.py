"""A notebook on its way into its file: checked each time it is saved, and said once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from stsec_magic.conversion import choices, notice
from stsec_magic.conversion.checked import checked
from stsec_magic.model.finding import Finding
from stsec_magic.model.problem import ProblemKind

_CHECKPOINTS = ".ipynb_checkpoints"
_CURRENT = 4


class SaveMode(StrEnum):
    """What to do about findings in a notebook that is saved."""

    WARN = "warn"
    BLOCK = "block"
    OFF = "off"


class Saves:
    """What a server saved, and what was said of it."""

    def __init__(self) -> None:
        """Nothing was saved yet."""
        self._said: dict[str, frozenset[str]] = {}

    def look(
        self, model: Mapping[str, Any], path: str, file: str | None, mode: SaveMode, chosen: Mapping[str, str]
    ) -> tuple[str | None, Sequence[str]]:
        """Check a notebook that is about to be saved.

        Args:
            model: Jupyter's, with the content.
            path: Its path for Jupyter.
            file: Where it will be written; None where that is no local file.
            mode: What to do about findings.
            chosen: Choices, as ``choices.chosen`` takes them.

        Returns:
            Why it isn't saved, in one line, or None; and the lines for the log.

        Raises:
            ConfigError: A choice can't be taken.
        """
        content = model.get("content")
        if mode is SaveMode.OFF or model.get("type") != "notebook" or _is_copy(path):
            return None, ()
        if not isinstance(content, Mapping) or content.get("nbformat") != _CURRENT:
            return None, ()
        config = choices.chosen(None if file is None else Path(file), **chosen)
        found = checked(content, file or path, config)
        if mode is SaveMode.BLOCK and found.failing:
            return notice.blocked(found.failing), ()
        faults = [each for each in found.report.problems if each.kind is ProblemKind.INTERNAL]
        if not self._is_new(path, found.failing):
            return None, notice.unchecked(faults)
        return None, [*notice.unchecked(faults), *notice.warned(found.failing, path)]

    def _is_new(self, path: str, failing: Sequence[Finding]) -> bool:
        """Whether other things are found than last time: a notebook is saved every two minutes."""
        now = frozenset(each.fingerprint for each in failing)
        before = self._said.get(path, frozenset())
        self._said[path] = now
        return bool(now - before)


def _is_copy(path: str) -> bool:
    return _CHECKPOINTS in PurePosixPath(path).parts


def local_file(path: str, os_path: Callable[[str], str] | None, root: str | None) -> str | None:
    """Where a server writes a notebook.

    Args:
        path: Its path for Jupyter.
        os_path: What the contents manager makes of such a path, if it can.
        root: The folder that the server shows, if there is one.
    """
    if os_path is not None:
        return str(os_path(path))
    return str(Path(root, *PurePosixPath(path.strip("/")).parts)) if root else None
