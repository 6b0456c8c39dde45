"""The files in which a project keeps its secrets, as it should: .streamlit/secrets.toml and .env.

Their values live in memory while a run lasts. Nothing of them is written, logged or handed on.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.regular import bytes_of
from stsec_magic.source.tokens.dotenv import DotEnv

_STREAMLIT = Path(".streamlit", "secrets.toml")
_ENV = ".env"
_EXAMPLES = (".example", ".sample", ".template", ".dist", ".defaults", ".schema")
"""Endings of files that show which values are wanted, and hold none."""

_ENCRYPTED = (".vault", ".enc", ".encrypted", ".gpg", ".asc", ".age", ".zip")
_GIT_CRYPT = b"\0GITCRYPT\0"

_ROOT = (".git", "pyproject.toml")
_PERHAPS_ROOT = ("requirements.txt", "setup.py", "environment.yml")
"""Marks of a root where no surer one stands above: a folder of a project may have requirements of its own."""

_CHECKPOINTS = ".ipynb_checkpoints"
_HIGHEST = 6
"""So many folders above a notebook are looked at for the project's root."""

_LARGEST = 1 << 20
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """A value in a file of secrets.

    Attributes:
        name: Its key there.
        value: The value.
        file: The file's path, as it is shown.
    """

    name: str
    value: str = field(repr=False)
    file: str


@dataclass(frozen=True, slots=True)
class SecretFiles:
    """All values that a project keeps.

    Attributes:
        kept: The values.
        problems: Files that could not be read.
    """

    kept: tuple[Kept, ...] = ()
    problems: tuple[Problem, ...] = ()


def secret_files(notebook: str) -> SecretFiles:
    """Read the secrets of the project that a notebook belongs to.

    Args:
        notebook: Its path; ``-`` for standard input, which belongs to the working directory.

    Returns:
        The values of the files beside it and above it, up to the project's root, and of the
        user's own ``~/.streamlit/secrets.toml``. None for a notebook that is no file.
    """
    if notebook != "-" and not os.path.lexists(notebook):
        return SecretFiles()
    found = []
    for path in _files(os.path.dirname(notebook)):  # noqa: PTH120  this runs for every notebook
        try:
            status = os.stat(path)  # noqa: PTH116
        except OSError as error:
            if not isinstance(error, FileNotFoundError | NotADirectoryError):
                found.append((path, 0, 0))
            continue
        if stat.S_ISDIR(status.st_mode):
            continue  # a virtual environment may be called .env, too
        found.append((path, status.st_mtime_ns, status.st_size))
    return _read(tuple(found))


@lru_cache(maxsize=256)
def _read(files: tuple[tuple[str, int, int], ...]) -> SecretFiles:
    """Read files once, and again when they have changed."""
    kept: list[Kept] = []
    problems: list[Problem] = []
    for path, _, _ in files:
        where = shown(path)
        try:
            kept += _values(_text_of(path), where, Path(path).name)
        except (OSError, ValueError, RecursionError) as error:
            # A parser's message may quote the file: its kind is all that leaves.
            why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            message = f"cannot be read ({why}); its values were not looked for in the notebooks"
            problems.append(Problem(where, None, ProblemKind.UNREADABLE, message))
    return SecretFiles(tuple(kept), tuple(problems))


def shown(file: str) -> str:
    """A file of the project as reports name it: from the working directory or the home.

    Args:
        file: Its path.
    """
    path = Path(file)
    home = Path("~").expanduser()
    for folder, prefix in ((Path.cwd(), ""), (home, "~/")):
        if path.is_relative_to(folder):
            return prefix + path.relative_to(folder).as_posix()
    return path.as_posix()


def _files(folder: str) -> Iterator[str]:
    """Where secrets may be kept."""
    for above in up_to_root(folder):
        yield f"{above}/{_STREAMLIT}"
        try:
            names = _env_names(above, os.stat(above).st_mtime_ns)  # noqa: PTH116
        except OSError:
            names = (_ENV,)  # a folder that may be entered and not listed
        for name in names:
            yield f"{above}/{name}"
    yield _of_home()


@lru_cache(maxsize=1)
def _of_home() -> str:
    return str(Path("~").expanduser() / _STREAMLIT)


@lru_cache(maxsize=256)
def _env_names(folder: str, _changed: int) -> tuple[str, ...]:
    """The .env files of a folder, listed again when an entry has come or gone."""
    with os.scandir(folder) as entries:
        return tuple(sorted(entry.name for entry in entries if _is_env(entry.name)))


def _is_env(name: str) -> bool:
    return (name == _ENV or name.startswith(f"{_ENV}.")) and not name.endswith(_EXAMPLES + _ENCRYPTED)


def up_to_root(folder: str) -> list[str]:
    """The folder and those above it, up to the project's root; the folder alone where no root is seen.

    A checkpoint's folder is passed over.

    Args:
        folder: A path; empty for the working directory.
    """
    return _up_to_root(os.path.abspath(folder))  # noqa: PTH100  the working directory may change


@lru_cache(maxsize=256)
def _up_to_root(folder: str) -> list[str]:
    real = Path(folder).resolve()
    if real.name == _CHECKPOINTS:
        real = real.parent  # a copy's project is that of its original
    climbed = [real, *real.parents][:_HIGHEST]
    for marks in (_ROOT, _PERHAPS_ROOT):
        for i, above in enumerate(climbed):
            if any((above / mark).exists() for mark in marks):
                return [str(each) for each in climbed[: i + 1]]
    return [str(real)]


def _text_of(path: str) -> str:
    data = bytes_of(path, _LARGEST)
    if data is None:
        raise OSError(0, "it is too large for a file of secrets")
    return "" if data.startswith(_GIT_CRYPT) else data.decode("utf-8-sig")


def _values(text: str, shown: str, name: str) -> Iterator[Kept]:
    if name == _STREAMLIT.name:
        for key, value in _leaves(tomllib.loads(text), "", 0):
            yield Kept(key, value, shown)
        return
    for pair in DotEnv(text).values:
        yield Kept(pair.name, pair.value, shown)


def _leaves(table: object, name: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(table, str):
        yield name, table
    elif isinstance(table, Mapping):
        for key, value in table.items():
            yield from _leaves(value, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(table, list):
        for value in table:
            yield from _leaves(value, name, depth + 1)
