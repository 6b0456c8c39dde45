"""What a user chose: which rules, which files, from which severity on to fail."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from stsec_magic.model.levels import Severity
from stsec_magic.model.rule import Rule


@dataclass(frozen=True, slots=True)
class Config:
    """The choices of one run.

    Attributes:
        select: Rule ids and groups to show; empty for all.
        ignore: Rule ids and groups not to show; stronger than ``select``.
        exclude: Glob patterns of paths that a folder's walk leaves out.
        fail_on: The least severity that fails an audit; None for never.
        artifact_roots: Folders, besides a notebook's own, from which the paths of the files that it loads may lead.
        per_path_ignores: Glob pattern of a path to rule ids and groups ignored there.
        baseline: The file with what was known before; None for none.
        fix_style: How ``--fix`` reads a secret that it takes out: ``environ`` (os.environ) or ``secrets`` (st.secrets).
        unsafe_fixes: Whether ``--fix`` may also do what can change what the notebook does.
        base: The folder that patterns start from: that of the file of choices; "" for the working directory.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    exclude: tuple[str, ...] = ()
    fail_on: Severity | None = Severity.MEDIUM
    artifact_roots: tuple[str, ...] = ()
    per_path_ignores: Mapping[str, frozenset[str]] = field(default_factory=dict)
    baseline: str | None = None
    fix_style: str = "environ"
    unsafe_fixes: bool = False
    base: str = field(default="", compare=False)

    def selects(self, rule: Rule, path: str) -> bool:
        """Whether a rule's findings in a notebook are shown.

        Args:
            rule: The rule.
            path: The notebook's path, ``/`` between its parts.
        """
        keys = {rule.id, rule.group.value}
        if (self.select and not keys & self.select) or keys & self.ignore:
            return False
        if not self.per_path_ignores:
            return True
        path = self._below(path)
        return not any(keys & ignored for pattern, ignored in self.per_path_ignores.items() if matches(path, pattern))

    def excludes(self, path: str) -> bool:
        """Whether a walk leaves a path out.

        Args:
            path: The path, ``/`` between its parts.
        """
        if not self.exclude:
            return False
        path = self._below(path)
        return any(matches(path, pattern) for pattern in self.exclude)

    def _below(self, path: str) -> str:
        """A path from the folder of the choices on, wherever the audit began; as it is where it leads elsewhere."""
        try:
            found = os.path.relpath(path, self.base or os.curdir)
        except ValueError:  # on another drive
            return path
        return path if found.startswith(os.pardir) else found.replace(os.sep, "/")


def matches(path: str, pattern: str) -> bool:
    """Whether a path matches a glob pattern, as a whole or from one of its parts on.

    Args:
        path: A path with ``/`` between its parts.
        pattern: Such as ``demo/*.ipynb``, ``**/old/**`` or the name of a folder; ``/old`` is the one at the top.
    """
    from fnmatch import fnmatchcase  # only where patterns are used

    is_whole = pattern.startswith("/")
    pattern = pattern.strip("/").removeprefix("./").removeprefix("**/")
    folder = pattern.rstrip("*").rstrip("/") + "/*"
    parts = path.removeprefix("./").strip("/").split("/")
    tails = ["/".join(parts[i:]) for i in range(1 if is_whole else len(parts))]
    return any(fnmatchcase(tail, pattern) or fnmatchcase(tail, folder) for tail in tails)
