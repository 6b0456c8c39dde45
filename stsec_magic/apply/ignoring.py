"""Files of secrets that git would take in: their lines written into .gitignore."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stsec_magic.apply import atomic
from stsec_magic.apply.lock import LockError, locked
from stsec_magic.model.mending import Ignored
from stsec_magic.project.git import GitError, Repository, repository_of
from stsec_magic.project.ignores import add_lines, missing_lines

_GITIGNORE = ".gitignore"


class IgnoreError(Exception):
    """Git would take the file in all the same, or can't be asked; one line for the user."""


def ignore_all(files: Mapping[str, str], *, write: bool) -> list[Ignored]:
    """Have git ignore some files.

    Args:
        files: Their paths, each with what is shown of it.
        write: Whether to write; else it is only told what would be.

    Returns:
        For each the line that was written, or would be, or why none was.
    """
    return [_ignored(Path(file), shown, write=write) for file, shown in files.items()]


def _ignored(path: Path, file: str, *, write: bool) -> Ignored:
    try:
        repository = repository_of(path.parent)
        if repository is None:
            return Ignored(file, error="it is in no repository")
        if not write:
            return Ignored(file, next(iter(missing_lines(repository, [path])), ""))
        with locked(repository.root):
            return Ignored(file, ignore(repository, path))
    except (IgnoreError, GitError, LockError, atomic.ChangedError) as error:
        return Ignored(file, error=str(error))
    except OSError as error:
        return Ignored(file, error=f".gitignore cannot be written: {error.strerror or type(error).__name__}")


def ignore(repository: Repository, path: Path) -> str:
    """Have git ignore a file, and prove that it does.

    Args:
        repository: The repository; the lock of its folder is held.
        path: The file, which need not exist.

    Returns:
        The line that was written into the .gitignore at the repository's top; empty where none had to be.

    Raises:
        IgnoreError: The .gitignore is none that git reads, or another one takes the file back.
        GitError: Git can't be asked.
        ChangedError: Somebody else changed the .gitignore meanwhile.
        OSError: It can't be written.
    """
    gitignore = repository.root / _GITIGNORE
    atomic.sweep(gitignore)
    lines = missing_lines(repository, [path])
    if lines:
        before = gitignore.read_bytes() if gitignore.exists() else None
        try:
            after = add_lines(gitignore, lines)
        except ValueError as error:
            raise IgnoreError(f"{gitignore}: {error}") from None
        atomic.replace(gitignore, after, before, mode=0o644 if before is None else None)
    if not repository.is_ignored(path):
        raise IgnoreError(f"git would still take in {path}: another .gitignore takes it back")
    return lines[0] if lines else ""
