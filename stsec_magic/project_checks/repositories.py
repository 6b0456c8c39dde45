"""What git says of many files: each repository is asked each kind of question once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.project.git import GitError, Repository, holder_of, repository_of
from stsec_magic.project.secret_files import shown
from stsec_magic.project_checks.tree import File, resolved

# git-crypt, git-agecrypt, transcrypt, sops and the like name their filters so.
_ENCRYPTING = re.compile(r"(?i).{0,40}(?:crypt|sops|age\Z)")


class Repositories:
    """Groups files by the repository that they lie in, and asks it."""

    def __init__(self, problems: list[Problem]) -> None:
        """Take what gets a problem for each repository that can't be asked."""
        self._problems = problems
        self._known: dict[Path, Repository | None] = {}

    def tracked(self, files: Iterable[File]) -> set[File]:
        """The files that git tracks.

        Args:
            files: Files of any repository, or of none.
        """
        found: set[File] = set()
        for repository, several in self._grouped(files).items():
            try:
                tracked = repository.tracked([each.path for each in several])
            except GitError as error:
                self._failed(repository.root, error)
                continue
            found |= {each for each in several if each.path in tracked}
        return found

    def encrypted(self, files: Iterable[File]) -> set[File]:
        """The files that git keeps encrypted, by a filter: what is read here is not what it has.

        Args:
            files: Files that are tracked, or may be soon.
        """
        found: set[File] = set()
        for repository, several in self._grouped(files).items():
            try:
                filters = repository.filters([each.path for each in several])
            except GitError as error:
                self._failed(repository.root, error)
                continue
            found |= {each for each in several if _ENCRYPTING.match(filters.get(each.path, "")) is not None}
        return found

    def exposed(self, files: Iterable[File]) -> dict[File, Repository]:
        """The files that lie in a repository whose git doesn't ignore them.

        Args:
            files: Files that aren't tracked.
        """
        found: dict[File, Repository] = {}
        for repository, several in self._grouped(files).items():
            try:
                ignored = repository.ignored([each.path for each in several])
            except GitError as error:
                self._failed(repository.root, error)
                continue
            found |= {each: repository for each in several if each.path not in ignored}
        return found

    def _grouped(self, files: Iterable[File]) -> dict[Repository, list[File]]:
        groups: dict[Repository, list[File]] = {}
        for file in files:
            repository = self._of(resolved(str(file.path.parent)))
            if repository is not None:
                groups.setdefault(repository, []).append(file)
        return groups

    def _of(self, folder: Path) -> Repository | None:
        holder = holder_of(folder)
        if holder is None:
            return None
        if holder not in self._known:
            try:
                self._known[holder] = repository_of(holder)
            except GitError as error:
                self._known[holder] = None
                self._failed(holder, error)
        return self._known[holder]

    def _failed(self, root: Path, error: GitError) -> None:
        message = f"{error}; which secrets it has was not checked"
        self._problems.append(Problem(shown(str(root / ".git")), None, ProblemKind.UNREADABLE, message))
        self._known[root] = None  # it is not asked again
