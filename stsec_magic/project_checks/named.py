"""Which keys the files of a project name: secrets.toml, .env, and the examples of these."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stsec_magic.project_checks.secret_kinds import is_example, is_streamlit
from stsec_magic.project_checks.tree import STREAMLIT, File
from stsec_magic.regular import bytes_of

_LARGEST = 1 << 20
_DEEPEST = 12
# Names of values that are not there yet: empty ones, those in comments.
_ENV_NAME = re.compile(r"^[ \t#]{0,20}(?:export[ \t]{1,20})?([A-Za-z_][\w.]{0,79})[ \t]{0,20}=", re.MULTILINE)
_TOML_NAME = re.compile(r"^[ \t#]{0,20}([\w-]{1,80})[ \t]{0,20}=", re.MULTILINE)
_TOML_TABLE = re.compile(r"^[ \t#]{0,20}\[([\w-]{1,80})(?:\.[\w.-]{1,80})?\]", re.MULTILINE)

Key = tuple[str, ...]


@dataclass(slots=True)
class Named:
    """What some files name.

    Attributes:
        keys: Keys, those below a table with the table's name.
        leaves: The keys that have a value of their own.
        loose: Names of which the place isn't known: those in an .env file, in a broken example.
        has_toml: Whether there is a ``secrets.toml``, or an example of one.
        has_env: Whether there is an ``.env`` file, or an example of one.
        is_unknown: Whether one can't be read.
    """

    keys: set[Key] = field(default_factory=set)
    leaves: set[Key] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    has_toml: bool = False
    has_env: bool = False
    is_unknown: bool = False

    def has(self, key: Key) -> bool:
        """Whether a key is named.

        Args:
            key: The key, the tables' names before it.
        """
        begun = {key[:i] for i in range(1, len(key))}
        return key in self.keys or key[0] in self.loose or bool(begun & self.leaves)


def is_toml(file: File) -> bool:
    """Whether a file is a ``secrets.toml``, or shows what one would hold."""
    name = file.path.name.lower()
    return "secrets" in name and ".toml" in name and (is_streamlit(file) or is_example(name) or name == "secrets.toml")


def is_env(file: File) -> bool:
    """Whether a file is an ``.env`` file, or shows what one would hold."""
    name = file.path.name.lower()
    is_shown = is_example(name) and "env" in re.split(r"[._-]", name)
    return name.startswith(".env.") or name.endswith(".env") or is_shown


def named_in(files: Sequence[File]) -> Named:
    """Gather the keys that files name.

    Args:
        files: Those that may name any.
    """
    found = Named()
    for file in files:
        if is_toml(file):
            found.has_toml = True
            _add_toml(file, found)
        elif is_env(file):
            found.has_env = True
            found.loose.update(_ENV_NAME.findall(_text(file, found)))
    return found


def _add_toml(file: File, found: Named) -> None:
    text = _text(file, found)
    is_shown = is_example(file.path.name)
    try:
        for key, is_leaf in _keys(tomllib.loads(text), (), 0):
            found.keys.add(key)
            if is_leaf:
                found.leaves.add(key)
    except (ValueError, RecursionError):
        # An example needn't be TOML: key = <your key>. Of a real one there is a problem already.
        found.is_unknown |= not is_shown
        found.loose.update(_TOML_NAME.findall(text))
    if is_shown:
        found.loose.update(_TOML_TABLE.findall(text))
        found.loose.update(match[1] for match in _TOML_NAME.finditer(text) if "#" in match[0])


def _keys(table: Mapping[str, Any], above: Key, depth: int) -> Iterator[tuple[Key, bool]]:
    for name, value in table.items():
        key = (*above, name)
        is_leaf = not isinstance(value, Mapping)
        yield key, is_leaf
        if isinstance(value, Mapping) and depth < _DEEPEST:
            yield from _keys(value, key, depth + 1)


def _text(file: File, found: Named) -> str:
    try:
        data = bytes_of(str(file.path), _LARGEST)
    except (OSError, ValueError):
        data = None
    if data is None:
        found.is_unknown = True  # a problem already, where it is no example
    return (data or b"").decode("utf-8-sig", "replace")


def of_home() -> File:
    """The user's own ``~/.streamlit/secrets.toml``, which every app reads."""
    path = Path("~").expanduser() / STREAMLIT / "secrets.toml"
    return File(path, "~/.streamlit/secrets.toml")


def root_keys(file: File) -> tuple[str, dict[str, bool]]:
    """The keys and tables at the root of a ``secrets.toml``.

    Args:
        file: The file.

    Returns:
        Its text; each key, and whether it is a table. Nothing where it can't be read, which is a problem already.
    """
    try:
        text = (bytes_of(str(file.path), _LARGEST) or b"").decode("utf-8-sig")
        return text, {name: isinstance(value, Mapping) for name, value in tomllib.loads(text).items()}
    except (OSError, ValueError, RecursionError):
        return "", {}
