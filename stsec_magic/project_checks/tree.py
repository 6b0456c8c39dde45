"""The files of a project, as its checks see them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from stsec_magic.model.config import Config
from stsec_magic.model.finding import Finding
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.model.rule import Rule
from stsec_magic.project.secret_files import up_to_root
from stsec_magic.regular import bytes_of

STREAMLIT = ".streamlit"


@dataclass(frozen=True, slots=True)
class File:
    """A file that was met.

    Attributes:
        path: Its path.
        shown: The path as reports show it.
    """

    path: Path
    shown: str

    @property
    def home(self) -> Path:
        """The folder that it is meant for, resolved: the one that holds its ``.streamlit``."""
        folder = resolved(str(self.path.parent))
        return folder.parent if folder.name in (STREAMLIT, ".aws") else folder


@dataclass(slots=True)
class Tree:
    """What an audit walked through, and what stands above it up to the project's root.

    Attributes:
        config: The user's choices.
        files: All files, those above the walk as far as they may matter.
        code: The notebooks and scripts, without checkpoint copies.
        apps: Those of them that are notebooks, or import Streamlit.
        walked: The folders that were walked, resolved.
        findings: What was found in the notebooks.
        problems: Gets what can't be read.
    """

    config: Config
    files: Sequence[File]
    code: Sequence[File]
    apps: Sequence[File]
    walked: Sequence[Path]
    findings: Sequence[Finding]
    problems: list[Problem] = field(default_factory=list)

    def selects(self, rule: Rule, file: File) -> bool:
        """Whether a rule's findings in a file are shown.

        Args:
            rule: The rule.
            file: The file.
        """
        return self.config.selects(rule, file.shown)

    def content(self, file: File, most: int, lost: str) -> bytes | None:
        """What a file holds.

        Args:
            file: The file.
            most: How many bytes it may have.
            lost: What is not known without it, for the problem.

        Returns:
            None where it can't be read, which is a problem then.
        """
        try:
            data = bytes_of(str(file.path), most)
        except FileNotFoundError:
            return None  # a link that leads nowhere, or it has gone since
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            self.unread(file, why, lost)
            return None
        if data is None:
            self.unread(file, "it is too large for a file of secrets", lost)
        return data

    def unread(self, file: File, why: str, lost: str) -> None:
        """Tell that a file can't be read.

        Args:
            file: The file.
            why: A few words.
            lost: What is not known without it.
        """
        self.problems.append(Problem(file.shown, None, ProblemKind.UNREADABLE, f"cannot be read ({why}); {lost}"))


@lru_cache(maxsize=4096)
def resolved(folder: str) -> Path:
    """A folder's real path.

    Args:
        folder: Its path.
    """
    try:
        return Path(folder).resolve()
    except (OSError, RuntimeError):
        return Path(os.path.abspath(folder))  # noqa: PTH100  links in a circle have no real path


def root_of(folder: Path) -> Path:
    """The root of the project that a folder is in.

    Args:
        folder: The folder, resolved.
    """
    return Path(up_to_root(str(folder))[-1])


class Homes:
    """Tells which files belong to the projects of some notebooks and apps."""

    def __init__(self, apps: Iterable[File]) -> None:
        """Take the notebooks and apps."""
        folders = {resolved(str(each.path.parent)) for each in apps}
        self._roots = {root_of(folder) for folder in folders}
        self._above = {above for folder in folders for above in (folder, *folder.parents)}

    def has(self, home: Path) -> bool:
        """Whether a folder is of such a project: below its root, or above a notebook.

        Args:
            home: The folder, resolved.
        """
        return home in self._above or not self._roots.isdisjoint((home, *home.parents))
