"""Where the keys of a TOML file stand, which its parser doesn't tell."""

from __future__ import annotations

import re

from stsec_magic.project_checks.told import WHOLE, Place

_NAME = r"(?:[\w-]{1,80}|\"[^\"\n]{1,80}\"|'[^'\n]{1,80}')"
_TABLE = re.compile(
    rf"[ \t]{{0,40}}\[\[?[ \t]{{0,8}}(?P<name>{_NAME}(?:[ \t]{{0,8}}\.[ \t]{{0,8}}{_NAME}){{0,8}})[ \t]{{0,8}}\]"
)
_KEY = re.compile(
    rf"[ \t]{{0,40}}(?P<name>{_NAME}(?:[ \t]{{0,8}}\.[ \t]{{0,8}}{_NAME}){{0,8}})[ \t]{{0,40}}=[ \t]{{0,40}}"
)
_PART = re.compile(_NAME)


def key_places(text: str) -> dict[tuple[str, ...], tuple[Place, Place]]:
    """The places of keys and tables.

    Args:
        text: The file.

    Returns:
        For each dotted key the place of its name, and that of the rest of its line; the first one where several are.
    """
    found: dict[tuple[str, ...], tuple[Place, Place]] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        header = _TABLE.match(line)
        match = header or _KEY.match(line)
        if match is None:
            continue
        key = tuple(part.strip("\"'") for part in _PART.findall(match["name"]))
        path = key if header else (*table, *key)
        table = key if header else table
        name = Place(number, match.start("name") + 1, match.end("name") + 1)
        rest = Place(number, match.end() + 1, len(line.rstrip()) + 1)
        for i in range(1, len(path) + 1):
            found.setdefault(path[:i], (name, rest))
    return found


def key_place(text: str, *key: str) -> Place:
    """The place of a key's name.

    Args:
        text: The file.
        key: The key, its tables before it.
    """
    return key_places(text).get(key, (WHOLE, WHOLE))[0]
