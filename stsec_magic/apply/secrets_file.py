""".streamlit/secrets.toml: keys added to it, everything else in it kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from stsec_magic.project.exported import variables

FOLDER = ".streamlit"
NAME = "secrets.toml"
EXAMPLE = "secrets.toml.example"
_SHOWN = re.compile(r"^[ \t#]{0,20}([\w-]{1,80})[ \t]{0,20}=", re.MULTILINE)
_HEAD = "# The secrets of this project. Never commit this file.\n"
_EXAMPLE_HEAD = "# Copy this file to secrets.toml and fill in the values.\n"


class SecretsError(Exception):
    """A file of secrets that can't be read or added to; one line for the user, without any value."""


def root_keys(text: str) -> tuple[dict[str, str], set[str]]:
    """The keys at the root.

    Args:
        text: The file's text.

    Returns:
        Those that Streamlit exports to the environment, with their values; and the names of all, tables too.

    Raises:
        SecretsError: It is no TOML.
    """
    table = _parsed(text)
    return variables(table), set(table)


def with_keys(text: str, values: Mapping[str, str]) -> str:
    """Add root-level keys.

    Args:
        text: The file's text; empty for a file that doesn't exist yet.
        values: What to add; names that are there already with the same value are left alone.

    Returns:
        The new text: the old one, its comments and order kept, and the new keys before the first table.

    Raises:
        SecretsError: The text is no TOML, a name is there with another value, or a value can't be written in TOML.
    """
    before = _parsed(text)
    new = {name: value for name, value in values.items() if before.get(name) != value}
    taken = sorted(new.keys() & before.keys())
    if taken:
        raise SecretsError(f"{taken[0]} is there already, with another value")
    if not new:
        return text
    # tomlkit knows \n alone.
    is_windows = "\r\n" in text
    try:
        document = tomlkit.parse(text or _HEAD)
        for name, value in new.items():
            document[name] = value
        written = _at_root(text or _HEAD, tomlkit.dumps(document), new)
        written.encode()  # no lone surrogates
    except (TOMLKitError, ValueError, UnicodeError):
        raise SecretsError("a value can't be written in TOML") from None
    written = written.replace("\r\n", "\n").replace("\n", "\r\n") if is_windows else written
    if _parsed(written) != {**before, **new}:
        raise SecretsError("what was written reads otherwise")
    return written


def example(text: str, names: Mapping[str, str]) -> str:
    """Add names to the example of a file of secrets.

    Args:
        text: The example's text; empty for one that doesn't exist yet. It needn't be TOML: ``KEY = <your key>``.
        names: The names; their values are not written.
    """
    try:
        missing = {name: "" for name in names if name not in _parsed(text)}
        return with_keys(text or _EXAMPLE_HEAD, missing) if missing else text
    except SecretsError:
        there = set(_SHOWN.findall(text))
        end = "\r\n" if "\r\n" in text else "\n"
        return "".join(f'{name} = ""{end}' for name in names if name not in there) + text


def read(path: Path) -> str:
    """A file's text; empty where there is none.

    Raises:
        SecretsError: It can't be read.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is no UTF-8"
        raise SecretsError(f"cannot be read: {why}") from None


def _at_root(before: str, written: str, new: Mapping[str, str]) -> str:
    """What tomlkit wrote, if the old text is still in it line for line; else the new keys on top."""
    lines = iter(written.splitlines())
    if all(line in lines for line in before.splitlines()):
        return written
    return "".join(f"{tomlkit.dumps({name: value})}" for name, value in new.items()) + before


def _parsed(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    # The parser's message may quote the file.
    except (ValueError, RecursionError):
        raise SecretsError("is no TOML; mend it first") from None
