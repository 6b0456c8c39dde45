"""The globals of which real objects of real libraries are made: one table for each library, built by a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_PYTHON = "python"
"""The table of Python's own library."""


def known(name: str) -> str | None:
    """The library that a harmless name belongs to.

    Args:
        name: A dotted name, as ``meaning.today`` spells it.

    Returns:
        Such as "scikit-learn"; None where no table lists exactly this name.
    """
    top = name.partition(".")[0]
    table = _table(top if top in _tables() else _PYTHON)
    return table.library if table.has(name) else None


@dataclass(frozen=True, slots=True)
class _Table:
    """What is known of one library.

    Attributes:
        library: Its name.
        names: By module, what stands in it.
    """

    library: str
    names: Mapping[str, frozenset[str]]

    def has(self, name: str) -> bool:
        """Whether it lists a name; where the module ends and the name begins isn't told."""
        at = name.rfind(".")
        while at > 0:
            if name[at + 1 :] in self.names.get(name[:at], ()):
                return True
            at = name.rfind(".", 0, at)
        return False


@lru_cache(maxsize=1)
def _tables() -> frozenset[str]:
    """The packages that have a table; a name from a pickle never becomes a path."""
    found = (files("stsec_magic.pickles") / "tables" / "known").iterdir()
    return frozenset(each.name.removesuffix(".toml") for each in found if each.name.endswith(".toml"))


@cache
def _table(top: str) -> _Table:
    import tomli

    if top not in _tables():
        return _Table(top, {})
    path = files("stsec_magic.pickles") / "tables" / "known" / f"{top}.toml"
    table = tomli.loads(path.read_text(encoding="utf-8"))
    names = {module: frozenset(each) for module, each in table["names"].items()}
    return _Table(str(table["library"]), names)
