"""Each cell is parsed alone; places in its tree are places in its text."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsec_magic.model.fragment import Fragment
from stsec_magic.model.location import Part
from stsec_magic.source.program import CodeCell, Program
from stsec_magic.source.syntax import parse


def cell(source: str) -> CodeCell:
    return CodeCell(Fragment(text=source, part=Part.SOURCE, path=(), language="python", cell=1))


LETTERS = st.text("aZ09 _\u00e9\u4e2d\U0001f600\u2028\x85\x0c\t", max_size=8)


@given(above=st.lists(LETTERS, max_size=3), before=LETTERS, end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_spans_are_code_points_whatever_the_letters_and_line_ends(above: list[str], before: str, end: str) -> None:
    comments = end.join(f"# {line.replace(chr(12), '')}" for line in above)
    source = f"{comments}{end}x = ('{before}', needle('\u00e9'))"
    one = cell(source)
    assert one.tree is not None
    (call,) = (node for node in ast.walk(one.tree) if isinstance(node, ast.Call))
    start, stop = one.span(call)
    assert source[start:stop] == "needle('\u00e9')"


@pytest.mark.parametrize(
    "source",
    ["x =", "print 'x'", "\0", "x = '\ud83d'", "(" * 500 + ")" * 500, "-" * 20_000 + "1", "1" * 5000, "\ud800"],
    ids=["cut", "python 2", "null", "surrogate", "brackets", "minus signs", "digits", "bare surrogate"],
)
def test_what_does_not_parse_has_no_tree_and_raises_nothing(source: str) -> None:
    assert parse(source) is None


def test_one_broken_cell_leaves_the_others_their_trees() -> None:
    texts = ["x = 1", "x =", "y = 2"]
    fragments = [Fragment(text=t, part=Part.SOURCE, path=("cells", i), language="python") for i, t in enumerate(texts)]
    program = Program(fragments)
    assert [one.tree is None for one in program.cells] == [False, True, False]
    assert program.cell_of(fragments[2]) is program.cells[2]


@pytest.mark.parametrize(
    ("source", "needle", "literal"),
    [
        ('x = "abc"', "b", '"abc"'),
        ('x = f"a{b}c"', "c", 'f"a{b}c"'),
        ('f("a", "bc")', "bc", '"bc"'),
        ("x = '''\nab\n'''", "ab", "'''\nab\n'''"),
        ('x = "a"  # c', "c", None),
        ("y = x", "x", None),
    ],
)
def test_the_string_literal_around_a_place(source: str, needle: str, literal: str | None) -> None:
    span = cell(source).string_around(source.rindex(needle))
    assert (span and source[slice(*span)]) == literal


SOURCE = """a = 1; b = 2; c = [
    3,
]; d = 4
@first
@second(
    x
)
def f():
    e = 5
    return e

if a:
    g = 6
else:
    h = 7; i = '''long
text'''
j = 8"""


@pytest.mark.parametrize("line", range(1, SOURCE.count("\n") + 3))
def test_the_statements_on_a_line_are_those_of_the_whole_tree(line: int):
    """One line is looked up without a walk over all statements of the cell."""
    one = cell(SOURCE)
    named = {node.id for node in one.nodes_on((line,)) if isinstance(node, ast.Name)}
    # Of several lines every statement is looked at.
    several = {node.id for node in one.nodes_on((line, 10_000)) if isinstance(node, ast.Name)}
    assert named == several
