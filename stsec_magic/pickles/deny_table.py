"""The table that is kept by hand: Python's own library, and what no script can find by reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class DenyTable:
    """The table.

    Attributes:
        names: By dotted name of a module or what stands in it, what it leads to.
        ends: By library, the names that lead there wherever they stand in it.
        doubtful: By dotted name, what it can be turned to.
        called: By dotted name of a class, what it does when it is called.
        library: What all of Python's own library leads to that isn't data.
        data: Names in it that are.
        tops: Its modules.
        own: Names in it that are called like another module and are none.
    """

    names: dict[str, str]
    ends: Mapping[str, Mapping[str, str]]
    doubtful: dict[str, str]
    called: dict[str, str]
    library: str
    data: dict[str, str]
    tops: frozenset[str]
    own: frozenset[str]


@lru_cache(maxsize=1)
def deny_table() -> DenyTable:
    """The table, read once."""
    import tomli

    table = tomli.loads((files("stsec_magic.pickles") / "tables" / "deny.toml").read_text(encoding="utf-8"))
    library = table["library"]
    names = _says(table["family"])
    ends: dict[str, dict[str, str]] = defaultdict(dict)
    for name in [each for each in names if ".*." in each]:
        top, _, last = name.partition(".*.")
        ends[top][last] = names.pop(name)
    return DenyTable(
        names=names,
        ends=ends,
        doubtful=_says(table["doubtful"]),
        called=_says(table["called"]),
        library=str(library["says"]),
        data=dict.fromkeys(f"{library['modules']} {library['names']}".split(), ""),
        tops=frozenset(library["tops"].split()),
        own=frozenset(library["own"].split()),
    )


def _says(families: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """By name, what its family says."""
    return {
        name: str(family["says"])
        for family in families
        for name in f"{family.get('modules', '')} {family.get('names', '')}".split()
    }
