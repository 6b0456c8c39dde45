"""What tests of the flow analysis share: a program out of sources, and its parts."""

from __future__ import annotations

import ast

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.source.names import Names
from stsec_magic.source.origin import Origins
from stsec_magic.source.paths import Paths
from stsec_magic.source.program import Program
from stsec_magic.source.reach import Reach
from stsec_magic.source.scopes import Use


def names(*sources: str) -> Names:
    return Names(
        Program(
            Fragment(text=text, part=Part.SOURCE, path=("cells", i, "source"), language="python", cell=i + 1)
            for i, text in enumerate(sources)
        )
    )


def argument(known: Names, function: str = "f") -> Use:
    """The first argument of the last call of a function."""
    (*_, use) = sorted(known.calls_named(function) or calls(known, function), key=lambda use: use.order)
    assert isinstance(use.node, ast.Call)
    return use.at(use.node.args[0])


def calls(known: Names, function: str) -> list[Use]:
    known.cells_naming([function])
    return known.calls_named(function)


def paths(*sources: str) -> list[str]:
    """The paths of what ``f(...)`` is given."""
    known = names(*sources)
    return Paths(known, Reach(known)).of(argument(known))


def values(*sources: str) -> list[str]:
    """What ``f(...)``'s argument may be, one step back."""
    known = names(*sources)
    return [ast.unparse(use.node) for use in Reach(known).values(argument(known))]


def writes(*sources: str) -> list[tuple[str, bool, str | None, str | None]]:
    """Path, whether it is a folder, origin and source of everything that is written."""
    rows = Origins(names(*sources))._all_writes().rows
    return [(row.path, row.is_folder, row.origin and row.origin.value, row.source) for row in rows]
