"""Names in a session mean what they are bound to."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import pytest

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.source.live_names import LiveNames, Meaning
from stsec_magic.source.program import Program


class Bound:
    """A session in which some names are bound."""

    def __init__(self, names: dict[str, str | None], aliases: dict[str, str] | None = None) -> None:
        self._names = names
        self.aliases = aliases or {}

    def meaning(self, root: str, attributes: Sequence[str]) -> Meaning | None:
        if root not in self._names:
            return None
        name = self._names[root]
        return Meaning(None if name is None else ".".join([name, *attributes]))

    def made_by(self, name: str) -> str | None:
        return self._names.get(name)


def names(*cells: str, bound: Bound, since: int) -> LiveNames:
    fragments = [Fragment(text, Part.SOURCE, ("cells", i, "source"), "python", i + 1) for i, text in enumerate(cells)]
    return LiveNames(Program(fragments), bound, since)


def named(*cells: str, bound: Bound, since: int) -> str | None:
    """What the last call of the last cell names."""
    made = names(*cells, bound=bound, since=since)
    use = [each for each in made.calls(len(cells) - 1) if isinstance(each.node, ast.Call)][-1]
    assert isinstance(use.node, ast.Call)
    return made.qualified(use.node.func, use.scope, use.order)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["p.load(f)"], "pickle.load"),
        (["import json as p", "p.load(f)"], "pickle.load"),  # it ran, and p is something else by now
        (["import json as p\np.load(f)"], "json.load"),  # this cell binds it itself
        (["p = 1", "import json as p\np.load(f)"], "json.load"),
        (["def f(p):\n    p.load(x)"], None),  # a parameter
        (["def f():\n    return p.load(x)"], "pickle.load"),
        (["def f():\n    import json as p\n    return p.load(x)"], "json.load"),
        (["other.load(f)"], "other.load"),  # neither knows it
        (["import pickle", "mine(f)"], None),
    ],
)
def test_of_a_cell_that_is_about_to_run(cells: list[str], expected: str | None) -> None:
    bound = Bound({"p": "pickle", "mine": None})
    assert named(*cells, bound=bound, since=len(cells) - 1) == expected


def test_of_a_notebook_as_it_is_saved_only_what_no_cell_binds() -> None:
    bound = Bound({"p": "pickle"})
    assert named("import json as p", "p.load(f)", bound=bound, since=0) == "json.load"
    assert named("x = 1", "p.load(f)", bound=bound, since=0) == "pickle.load"


def test_cells_are_found_by_the_sessions_names_too() -> None:
    made = names("ld(f)", "x = 1", bound=Bound({}, {"ld": "load"}), since=0)
    assert made.cells_naming(["load"]) == ([0], {"load", "ld"})


def test_what_made_an_object() -> None:
    made = names("u.load()", "u = 1\nu.load()", bound=Bound({"u": "pickle.Unpickler"}), since=0)
    module = made.module
    assert made.made_by("u", module, (0, 1, 0)) is None  # the second cell binds it
    live = names("u.load()", bound=Bound({"u": "pickle.Unpickler"}), since=0)
    assert live.made_by("u", live.module, (0, 1, 0)) == "pickle.Unpickler"
