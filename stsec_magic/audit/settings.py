"""The nearest stsec.toml, or ``[tool.stsec]`` of the nearest pyproject.toml, to a Config."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stsec_magic.model.config import Config
from stsec_magic.model.levels import Severity
from stsec_magic.model.rule import Group
from stsec_magic.rules.catalogue import rules

NEVER = "never"

FIX_STYLES = ("environ", "secrets")

_KEYS = (
    "select",
    "ignore",
    "exclude",
    "fail-on",
    "per-path-ignores",
    "artifact-roots",
    "baseline",
    "fix-style",
    "unsafe-fixes",
)
_OWN_FILE = "stsec.toml"
_SHARED_FILE = "pyproject.toml"
_SECTION = "[tool.stsec]"


class ConfigError(Exception):
    """A choice that can't be taken; its text is one line for the user."""


def load(start: Path) -> Config:
    """Read the choices of a project.

    Args:
        start: A file or folder; the search goes upward from it.

    Returns:
        The choices of the nearest stsec.toml, or pyproject.toml that has ``[tool.stsec]``, of two in one folder those
        of stsec.toml; defaults where there is none.

    Raises:
        ConfigError: The file is no TOML, or a key or value is wrong.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        own, shared = folder / _OWN_FILE, folder / _SHARED_FILE
        if own.is_file():
            return from_table(_read(own), str(own), "")
        table = _table(shared) if shared.is_file() else None
        if table is not None:
            return from_table(table, str(shared))
    return Config()


def _read(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or type(error).__name__}") from None
    # A number of thousands of digits is a ValueError of Python's own.
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: {str(error).partition(chr(10))[0] or type(error).__name__}") from None


def _table(file: Path) -> Mapping[str, Any] | None:
    tool = _read(file).get("tool")
    table = tool.get("stsec") if isinstance(tool, Mapping) else None
    if table is not None and not isinstance(table, Mapping):
        raise ConfigError(f"{file}: {_SECTION} is not a table")
    return table


def from_table(table: Mapping[str, Any], where: str, section: str = _SECTION) -> Config:
    """Turn a table of choices into a Config.

    Args:
        table: Its keys and values; underscores do for hyphens.
        where: The file, for error messages, and because a baseline's path starts from its folder.
        section: The table's name in it, for error messages; "" for the whole file.

    Raises:
        ConfigError: A key or value is wrong; the message names the nearest right one.
    """
    table = _as_in_toml(table, where)
    for key in table:
        if key not in _KEYS:
            inside = f" in {section}" if section else ""
            # As in pyproject.toml.
            advice = "; its keys stand in no table" if not section and key in ("tool", "stsec") else nearest(key, _KEYS)
            raise ConfigError(f"{where}: unknown key {key!r}{inside}{advice}")
    ignores = table.get("per-path-ignores", {})
    if not isinstance(ignores, Mapping):
        raise ConfigError(f"{where}: per-path-ignores is not a table of glob = [rules]")
    try:
        return _config(table, ignores, where)
    except ConfigError as error:
        raise ConfigError(f"{where}: {str(error).removeprefix(where + ': ')}") from None


def _as_in_toml(table: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """The same with hyphens: ``fail_on``, as the trait is called, is ``fail-on``."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        name = key.replace("_", "-")
        if name in found:
            raise ConfigError(f"{where}: {name} stands there twice, with a hyphen and with an underscore")
        found[name if name in _KEYS else key] = value
    return found


def _config(table: Mapping[str, Any], ignores: Mapping[str, Any], where: str) -> Config:
    return Config(
        select=rule_set(_strings(table.get("select", []), "select", where)),
        ignore=rule_set(_strings(table.get("ignore", []), "ignore", where)),
        exclude=tuple(_strings(table.get("exclude", []), "exclude", where)),
        fail_on=threshold(table.get("fail-on", Severity.MEDIUM.value)),
        artifact_roots=tuple(
            _from_here(where, each) for each in _strings(table.get("artifact-roots", []), "artifact-roots", where)
        ),
        per_path_ignores={
            str(pattern): rule_set(_strings(names, f"per-path-ignores of {str(pattern)!r}", where))
            for pattern, names in ignores.items()
        },
        baseline=_file(table.get("baseline"), where),
        fix_style=_fix_style(table.get("fix-style", FIX_STYLES[0])),
        unsafe_fixes=_flag(table.get("unsafe-fixes", False), "unsafe-fixes"),
        base=str(Path(where).parent),
    )


def override(
    config: Config,
    *,
    select: str | None,
    ignore: str | None,
    exclude: Iterable[str],
    fail_on: str | None,
    artifact_roots: Iterable[str] = (),
    baseline: str | None = None,
    fix_style: str | None = None,
    unsafe_fixes: bool = False,
) -> Config:
    """Let the command line have the last word.

    Args:
        config: The project's choices.
        select: Comma-separated rules and groups; replaces the project's.
        ignore: Comma-separated rules and groups; added to the project's.
        exclude: Glob patterns; added to the project's.
        fail_on: A severity or ``never``; replaces the project's.
        artifact_roots: Folders; added to the project's.
        baseline: A file; replaces the project's.
        fix_style: ``environ`` or ``secrets``; replaces the project's.
        unsafe_fixes: Whether to allow them even if the project doesn't.

    Raises:
        ConfigError: A name is wrong.
    """
    if select is not None:
        config = replace(config, select=rule_set(_split(select)))
    if ignore is not None:
        config = replace(config, ignore=config.ignore | rule_set(_split(ignore)))
    if fail_on is not None:
        config = replace(config, fail_on=threshold(fail_on))
    if baseline is not None:
        config = replace(config, baseline=baseline)
    if fix_style is not None:
        config = replace(config, fix_style=_fix_style(fix_style))
    config = replace(config, unsafe_fixes=config.unsafe_fixes or unsafe_fixes)
    roots = (*config.artifact_roots, *artifact_roots)
    return replace(config, exclude=(*config.exclude, *exclude), artifact_roots=roots)


def rule_set(names: Iterable[str]) -> frozenset[str]:
    """Check that every name is a rule or a group.

    Raises:
        ConfigError: One is neither; the message names the nearest right one.
    """
    known = {*rules(), *(group.value for group in Group)}
    found = frozenset(names)
    for name in sorted(found - known):
        raise ConfigError(f"unknown rule {name!r}{nearest(name, known)}")
    return found


def threshold(value: object) -> Severity | None:
    """``high``, ``medium`` or ``low`` as a severity, ``never`` as None.

    Raises:
        ConfigError: It is something else.
    """
    if value == NEVER:
        return None
    try:
        return Severity(str(value))
    except ValueError:
        raise ConfigError(f"fail-on is high, medium, low or never, not {value!r}") from None


def nearest(name: str, known: Iterable[str]) -> str:
    """Words that point to the known name most like a wrong one, "" where none is like it."""
    close = difflib.get_close_matches(name, sorted(known), 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else ""


def _file(value: object, where: str) -> str | None:
    """A path that starts from the folder of the file in which it stands."""
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{where}: baseline is not the path of a file")
    return str(Path(where).parent / value)


def _from_here(where: str, path: str) -> str:
    """A path that starts from the folder of the file of choices, told from the working directory on if it can be."""
    whole = Path(where).parent / path
    return str(whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole)


def _fix_style(value: object) -> str:
    if not isinstance(value, str) or value not in FIX_STYLES:
        raise ConfigError(f"fix-style is environ or secrets, not {value!r}")
    return value


def _flag(value: object, key: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{key} is true or false, not {value!r}")
    return value


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _strings(value: object, key: str, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{where}: {key} is not a list of strings")
    return list(value)
