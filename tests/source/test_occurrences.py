"""Identifiers are found in a program's text without a tree."""

from __future__ import annotations

import time

import pytest

from stsec_magic.source.occurrences import Occurrences


@pytest.mark.parametrize(
    ("word", "cells"),
    [("load", {0, 2}), ("loads", {1}), ("x", set()), ("", set()), ("é", {3}), ("loa", set()), ("dump", {4})],
)
def test_cells_that_name_a_word(word: str, cells: set[int]) -> None:
    found = Occurrences(["a.load(b)", "loads; _load, load2", "load", "é = 1", "dump"])
    assert found.naming([word]) == cells
    assert found.naming([word, "load"]) == cells | {0, 2}
    assert found.naming([word]) == cells


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        "x: int = 1",
        "x, y = 1, 2",
        "for x in y: pass",
        "with y as x: pass",
        "(x) = 1",
        "import y as x",
        "from y import x",
        "def x(): pass",
        "class x(y): pass",
        "import x.y",
        "f(x)",
        "[x] = y",
        "x",
        "x\r\n",
        "if (x := 1): pass",
        "x \\\n= 1",
    ],
)
def test_a_cell_that_may_bind(text: str) -> None:
    assert Occurrences(["y", text, "z"]).binding("x") == [1]
    assert Occurrences([text]).binding("x") == [0]


@pytest.mark.parametrize("text", ["x()", "x.y", "x[0]", "a.x = 1", "xx = 1", "_x = 1", "x + 1", ""])
def test_a_cell_that_binds_no_such_name(text: str) -> None:
    assert Occurrences([text, text]).binding("x") == []


def test_no_cells() -> None:
    assert Occurrences([]).naming(["x"]) == set()
    assert Occurrences([]).binding("x") == []


@pytest.mark.parametrize("unit", ["x ", "x", "x.", "\n", "import ", "def x "])
def test_hostile_text_costs_little_time(unit: str) -> None:
    began = time.process_time()
    found = Occurrences([unit * 200_000] * 2)
    found.naming(["x"])
    found.binding("x")
    assert time.process_time() - began < 5
