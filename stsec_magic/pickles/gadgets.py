"""The tables of gadgets: functions in well-known libraries that do harm with what they are called with.

A script builds them from the libraries' source (``benchmarks/gadgets.py``). Each is read when a name of its library is
first asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

_TESTS = frozenset(("tests", "testing", "test", "conftest"))
_OF_TESTS = "uses a part of a library that runs code, which no data file needs"
_HANDED_ON = dict.fromkeys(("dataclass", "make_dataclass"), "runs code that it brings along")
"""Functions of Python's own library that so many modules have taken over that they are told by their names."""

_BY_NAME = "hands out what it is asked for by name"

_Names = Mapping[str, str]
"""By dotted name, what it leads to."""


@dataclass(frozen=True, slots=True)
class GadgetTable:
    """What is known of one library.

    Attributes:
        functions: Functions that do harm.
        methods: Methods that do, as ``Class.method`` or, where very many classes have them, ``*.method``.
        classes: Classes that do so when they are called.
        states: Classes that do so when an object is given its state.
        own: Modules and classes of its own that are called like a module of Python's, or like another library.
        aliases: Names that modules of Python's own library have in it.
    """

    functions: _Names
    methods: _Names
    classes: _Names
    states: _Names
    own: frozenset[str]
    aliases: Mapping[str, str]

    def denied(self, parts: Sequence[str]) -> str | None:
        """What a name leads to.

        Args:
            parts: The parts of the dotted name.
        """
        if any(part in _TESTS for part in parts[1:]):
            return _OF_TESTS
        said = next((self.functions[head] for head in _heads(parts) if head in self.functions), None)
        if said is None:
            said = next((self.methods[pair] for pair in _pairs(parts) if pair in self.methods), None)
        if said is None:
            said = _HANDED_ON.get(parts[-1])
        return None if said == _BY_NAME else said

    def doubtful(self, parts: Sequence[str]) -> str | None:
        """What a name can be turned to.

        Args:
            parts: The parts of the dotted name.
        """
        name = ".".join(parts)
        said = self.functions.get(name)
        return said if said == _BY_NAME else self.states.get(name)

    def called(self, parts: Sequence[str]) -> str | None:
        """What a class does when it is called.

        Args:
            parts: The parts of the dotted name.
        """
        return self.classes.get(".".join(parts))


@lru_cache(maxsize=1)
def libraries() -> frozenset[str]:
    """The packages that have a table; a name from a pickle never becomes a path."""
    found = (files("stsec_magic.pickles") / "tables" / "gadgets").iterdir()
    return frozenset(each.name.removesuffix(".toml") for each in found if each.name.endswith(".toml"))


def alias(library: str, name: str) -> list[str]:
    """The parts of the dotted name of the module that a name in a library stands for.

    Args:
        library: The package.
        name: Such as ``_os``, ``mp``, ``np``.
    """
    meant = table(library).aliases.get(name) if library in libraries() else None
    return (meant or _COMMON.get(name) or name.lstrip("_") or name).split(".")


_COMMON = {"np": "numpy", "pd": "pandas", "__builtin__": "builtins", "plt": "matplotlib.pyplot"}


@cache
def table(library: str) -> GadgetTable:
    """The table of a library.

    Args:
        library: One of ``libraries()``.
    """
    import tomli

    path = files("stsec_magic.pickles") / "tables" / "gadgets" / f"{library}.toml"
    read = tomli.loads(path.read_text(encoding="utf-8"))
    families = read["family"]
    return GadgetTable(
        functions=_named(families, "functions"),
        methods={name: str(family["says"]) for family in families for name in family.get("methods", "").split()},
        classes=_named(families, "classes"),
        states=_named(families, "states"),
        own=frozenset(read["own"].split()),
        aliases=read["aliases"],
    )


def _named(families: Sequence[Mapping[str, str]], kind: str) -> dict[str, str]:
    """By dotted name, what its family says; each line holds a module and its names."""
    found: dict[str, str] = {}
    for family in families:
        for line in family.get(kind, "").splitlines():
            module, _, names = line.partition(": ")
            found.update(dict.fromkeys([f"{module}.{name}" for name in names.split()], family["says"]))
    return found


def _heads(parts: Sequence[str]) -> Iterator[str]:
    """A name and what it stands in."""
    for i in range(len(parts), 1, -1):
        yield ".".join(parts[:i])


def _pairs(parts: Sequence[str]) -> Iterator[str]:
    """Each class in a name with what follows it."""
    for owner, name in pairwise(parts[1:]):
        if owner.lstrip("_")[:1].isupper():
            yield f"{owner}.{name}"
            yield f"*.{name}"
