"""Literals that Python's syntax ties to a name, each with the exact span of its value."""

from __future__ import annotations

import pytest

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.source.literals import named_literals
from stsec_magic.source.program import CodeCell


def pairs(source: str) -> list[tuple[str, str]]:
    """Name and the text at the span of every literal."""
    cell = CodeCell(Fragment(text=source, part=Part.SOURCE, path=(), language="python", cell=1))
    return sorted((value.name, source[value.start : value.end]) for value in named_literals(cell))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("password = 'v'", [("password", "v")]),
        ("a = b = 'v'", [("a", "v"), ("b", "v")]),
        ("a, b = 'v', 'w'", [("a", "v"), ("b", "w")]),
        ("(a, [b, c]) = ('v', ['w', 'x'])", [("a", "v"), ("b", "w"), ("c", "x")]),
        ("a, b = f()", []),
        ("a, *b = 'v', 'w'", [("a", "v")]),
        ("a: str = 'v'", [("a", "v")]),
        ("token: 'v'", [("token", "v")]),
        ("if (a := 'v'): pass", [("a", "v")]),
        ("self.a = 'v'", [("a", "v")]),
        ("openai.api_key = 'v'", [("openai.api_key", "v")]),
        ("x.y.z = 'v'", [("z", "v")]),
        ("d['a'] = 'v'", [("a", "v")]),
        ("d[0] = 'v'", []),
        ("f(a='v')", [("a", "v")]),
        ("f(**{'a': 'v'})", [("a", "v")]),
        ("os.getenv('KEY', 'v')", [("KEY", "v")]),
        ("f('not a name', 'v')", []),
        ("{'a': 'v', **b, 1: 'w'}", [("a", "v")]),
        ("def f(a, b='v', *, c, d='w'): pass", [("b", "v"), ("d", "w")]),
        ("def f(a='v', /): pass", [("a", "v")]),
        ("async def f(a='v'): pass", [("a", "v")]),
        ("lambda a='v': a", [("a", "v")]),
        ("x == 'v'", [("x", "v")]),
        ("'v' == x", [("x", "v")]),
        ("a = os.environ.get('K') or 'v'", [("a", "v")]),
        ("a = 'v' if x else 'w'", [("a", "v")]),
        ("a = x if x else 'w'", [("a", "w")]),
        ("a = b'v'", [("a", "v")]),
        ("a = rb'v'", [("a", "v")]),
        ("a = '''v\nw'''", [("a", "v\nw")]),
        ('a = """v"""', [("a", "v")]),
        ("a = 'v\\'w'", [("a", "v\\'w")]),
        ("a = ''", []),
        ("a = 3", []),
        ("a = f'{x}v'", []),
        ("\u00e9\U0001f600\n", []),
        ("\u00e9 = '\U0001f600'; a = 'v'", [("a", "v"), ("\u00e9", "\U0001f600")]),
        ("h = {'Authorization': 'Bearer v'}", [("Authorization", "v")]),
        ("a = ('v')", [("a", "v")]),
    ],
)
def test_names_and_values(source: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(source) == expected


@pytest.mark.parametrize("source", ["a = ('v'\n     'w')", "a = 'v' 'w'"])
def test_a_literal_in_pieces_spans_all_of_them(source: str) -> None:
    ((_, span),) = pairs(source)
    assert "v" in span
    assert "w" in span


def test_a_cell_without_a_tree_has_no_literals() -> None:
    assert pairs("a = 'v'\nb = = 1") == []
