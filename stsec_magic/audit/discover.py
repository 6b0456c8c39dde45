"""Paths to notebook files: folders are walked whole, checkpoints included."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stsec_magic.model.config import Config
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.notebook.read import STDIN

_STREAMLIT = ".streamlit"
_SUFFIX = ".ipynb"
_SCRIPT = ".py"
# Version control and installed packages: not the user's notebooks.
_SKIPPED = frozenset((".git", ".hg", ".svn", ".bzr", "_darcs", "node_modules", "site-packages", "__pypackages__"))


@dataclass(slots=True)
class Found:
    """What a search for notebooks gave.

    Attributes:
        files: The notebooks, each once, in the order of the arguments, a folder's sorted.
        problems: Folders and links that could not be followed.
        missing: Arguments that don't exist.
        scripts: The Python files met on the way.
    """

    files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)


def discover(paths: Iterable[str], config: Config) -> Found:
    """Find the notebooks under some paths.

    Args:
        paths: Files (whatever their ending), folders, or ``-``.
        config: ``exclude`` leaves files out of a folder's walk; a file named outright stays.

    Returns:
        The files, and what went wrong.
    """
    found = Found()
    seen: set[str] = set()
    for path in paths:
        if path != STDIN and not os.path.lexists(path):
            found.missing.append(path)
            continue
        for file in _walk(path, config, found) if path != STDIN and Path(path).is_dir() else (path,):
            same = os.path.abspath(file) if file != STDIN else file
            if same not in seen:
                seen.add(same)
                found.files.append(file)
    return found


def _walk(root: str, config: Config, found: Found) -> Iterator[str]:
    """The notebooks of a folder; its scripts are noted on the way."""
    for path in files_of(root, config, found):
        if path.endswith(_SCRIPT):
            found.scripts.append(path)
        if path.endswith(_SUFFIX) and not config.excludes(path):
            yield path


def files_of(root: str, config: Config, found: Found) -> Iterator[str]:
    """Walk a folder. Links to folders are not followed, so that no loop can occur.

    Args:
        root: The folder.
        config: ``exclude`` leaves folders out.
        found: Where folders that can't be read are told.

    Yields:
        Every file.
    """

    def failed(error: OSError) -> None:
        path = os.fsdecode(error.filename) if error.filename else root
        found.problems.append(
            Problem(
                _shown(_slashed(path)), None, ProblemKind.UNREADABLE, f"the folder cannot be read: {error.strerror}"
            )
        )

    for folder, folders, files in os.walk(root, onerror=failed):
        for name in sorted(folders):
            path = _joined(folder, name)
            if name.endswith(_SUFFIX) and not config.excludes(path):
                found.problems.append(
                    Problem(_shown(path), None, ProblemKind.UNREADABLE, "is a folder; the notebooks in it were checked")
                )
        linked = os.path.join(folder, _STREAMLIT)
        if _STREAMLIT in folders and os.path.islink(linked):
            yield from (_joined(linked, name) for name in _entries(linked))
        folders[:] = sorted(name for name in folders if not _is_skipped(folder, name, config))
        for name in sorted(files):
            yield _joined(folder, name)


def _entries(folder: str) -> list[str]:
    """The files of a folder that is a link: Streamlit would follow it."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_file())
    except OSError:
        return []  # it leads nowhere


def _is_skipped(folder: str, name: str, config: Config) -> bool:
    path = os.path.join(folder, name)
    return (
        name in _SKIPPED
        or os.path.lexists(os.path.join(path, "pyvenv.cfg"))
        or _is_conda(path)
        or config.excludes(_joined(folder, name))
    )


def _is_conda(path: str) -> bool:
    return os.path.isdir(os.path.join(path, "conda-meta"))


def _joined(folder: str, name: str) -> str:
    path = _slashed(os.path.join(folder, name))
    return path.removeprefix("./")


def _shown(path: str) -> str:
    """A name that is no UTF-8, as reports can hold it."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/")
