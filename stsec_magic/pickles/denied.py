"""What no data file asks for: the table of what is denied, and how a name is looked up in it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import tomli


def denied(name: str) -> str | None:
    """What a name leads to that no data file needs.

    Args:
        name: A dotted name, as ``meaning.today`` spells it.

    Returns:
        A few words, such as "starts a process"; None where nothing speaks against it.
    """
    return _says(name, _table())


def _says(name: str, denied: _Table) -> str | None:
    """What a name leads to: it or anything that it stands in is denied."""
    parts = name.split(".")
    if any(part in _DUNDERS for part in parts[1:]):
        return "reaches into memory or the interpreter"
    heads = [".".join(parts[:i]) for i in range(len(parts), 0, -1)]
    said = next((denied.names[head] for head in heads if head in denied.names), None)
    if said is None and parts[0] in sys.stdlib_module_names and not denied.is_data(heads):
        said = denied.library
    carried = next((i for i, part in enumerate(parts) if i and part in _CARRIED), 0)
    if said is None and carried:
        # A module that another one has imported: pathlib.os.system.
        said = _says(".".join(parts[carried:]), denied)
    return said


_DUNDERS = frozenset(
    "__builtins__ __globals__ __dict__ __class__ __base__ __bases__ __mro__ __subclasses__ __code__ __closure__ "
    "__loader__ __import__ __getattribute__ __init_subclass__ __reduce__ __reduce_ex__".split()
)
"""Ways from any object to all the others."""

_CARRIED = frozenset("os posix nt sys builtins subprocess importlib shutil socket ctypes multiprocessing runpy".split())
"""Modules after which no library names a module of its own."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The table.

    Attributes:
        names: By dotted name, what it leads to.
        library: What all of Python's own library leads to that isn't data.
        data: Names in it that are.
    """

    names: Mapping[str, str]
    library: str
    data: frozenset[str]

    def is_data(self, heads: Sequence[str]) -> bool:
        """Whether a name of Python's own library, or what it stands in, is data; an exception is."""
        module, _, last = heads[0].rpartition(".")
        is_error = module == "builtins" and last.endswith(("Error", "Exception", "Warning", "Iteration", "Interrupt"))
        return is_error or any(head in self.data for head in heads)


@lru_cache(maxsize=1)
def _table() -> _Table:
    table = tomli.loads((files("stsec_magic.pickles") / "tables" / "deny.toml").read_text(encoding="utf-8"))
    names = {
        name: str(family["says"])
        for family in table["family"]
        for name in (*family.get("modules", ()), *family.get("names", ()))
    }
    library = table["library"]
    return _Table(names, str(library["says"]), frozenset((*library["modules"], *library["names"])))
