"""One step back along the data."""

from __future__ import annotations

import ast

import pytest

from stsec_magic.source.reach import Reach
from tests.source.flowing import argument, names, values


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = 1\nf(x)", ["1"]),
        ("x = 1\nx = 2\nf(x)", ["2"]),
        ("x = 1\nif c:\n    x = 2\nf(x)", ["1", "2"]),
        ("x = a\nx += b\nf(x)", ["x + b"]),
        ("for x in rows:\n    f(x)", ["rows"]),
        ("async def g():\n    async for x in rows:\n        f(x)", ["rows"]),
        ("with g() as x:\n    f(x)", ["g()"]),
        ("a, x = 1, 2\nf(x)", ["2"]),
        ("a, x = g()\nf(x)", ["g()"]),
        ("def g(x):\n    f(x)\ng(1)\ng(x=2)", ["1", "2"]),
        ("def g(x=3):\n    f(x)", ["3"]),
        ("def g():\n    global x\n    x = 1\nf(x)", ["1"]),
        ("def g():\n    x = 0\n    def h():\n        nonlocal x\n        x = 1\n    f(x)", ["1"]),
        ("x = []\nx.append(1)\nf(x)", ["1"]),
        ("x = {}\nx[k] = 1\nf(x)", ["1"]),
        ("x = [0]\nx.append(1)\nf(x)", ["1", "[0]"]),
        ("def g():\n    x = []\n    x.append(1)\nx = []\nf(x)", ["[]"]),
        ("class A:\n    def __init__(self, p):\n        self.p = p\n    def g(self):\n        f(self.p)", ["p"]),
        ("c = {'a': 1, 'b': 2}\nf(c['b'])", ["2"]),
        ("c = dict(a=1)\nf(c['a'])", ["1"]),
        ("import os\nf(os.sep)", []),
        ("f(x)", []),
        ("f(1)", []),
    ],
)
def test_values(source: str, found: list[str]) -> None:
    assert values(source) == found


def test_a_binding_of_which_nothing_is_known_is_not_forgotten() -> None:
    assert values("def g(x):\n    if c:\n        x = 1\n    f(x)") == ["1", "{*()}"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def g(): return 1\nf(g())", ["1"]),
        ("def g():\n    yield 1\n    return 2\nf(g())", ["1", "2"]),
        ("def g():\n    def h(): return 1\n    return 2\nf(g())", ["2"]),
        ("g = lambda a: a + 1\nf(g(1))", ["a + 1"]),
        ("class A:\n    def g(self): return 1\nf(A().g())", ["1"]),
        ("f(open(1))", None),
    ],
)
def test_returned(source: str, found: list[str] | None) -> None:
    known = names(source)
    returned = Reach(known).returned(argument(known))
    assert (None if returned is None else [ast.unparse(use.node) for use in returned]) == found


def test_a_followed_call_gives_its_own_arguments() -> None:
    known = names("def g(x): return x\ng(1)\nf(g(2))")
    reach = Reach(known)
    (returned,) = reach.returned(argument(known)) or []
    assert [ast.unparse(use.node) for use in reach.values(returned)] == ["2"]


def test_functions_that_call_themselves_end() -> None:
    known = names("def g(x): return g(x)\nf(g(1))")
    reach, use, steps = Reach(known), argument(known), 0
    while (returned := reach.returned(use)) and steps < 50:
        use, steps = returned[0], steps + 1
    assert 0 < steps < 50


def test_subscripts_of_subscripts_end() -> None:
    known = names("f(a" + "['k']" * 900 + ")")
    assert Reach(known).values(argument(known)) == []
