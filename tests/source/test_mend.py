"""What can be saved of Python that doesn't parse."""

from __future__ import annotations

import ast
import time

import pytest

from stsec_magic.source.mend import mend


def shown(text: str) -> str | None:
    saved = mend(text)
    tree = saved and saved.tree
    return None if tree is None else ast.unparse(tree)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("print 'x'\na = 1", "pass\na = 1"),
        ("a = 1\nx = = 2\nb = 3", "a = 1\npass\nb = 3"),
        ("if a:\n    print b\n    c = 1", "if a:\n    pass\n    c = 1"),
        ("try:\n    a\nexcept E, e:\n    b", "try:\n    a\nexcept E as e:\n    b"),
        ("exec 'x'", "pass"),
        ("print(x)\nx = = 1", "print(x)\npass"),
    ],
)
def test_sound_lines_are_kept(text: str, kept: str) -> None:
    assert shown(text) == kept


def test_lines_keep_their_numbers() -> None:
    saved = mend("x = = 1\n\n\na = 1")
    tree = saved and saved.tree
    assert tree is not None and tree.body[-1].lineno == 4


def test_too_much_is_given_up() -> None:
    start = time.process_time()
    assert mend("x = = 1\n" * 50) is None
    assert mend("a = 1\n" * 10_000 + "x = = 1") is None
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("text", ["\0", "(" * 500, "'''", "\\", "if x", "def f(:", "\ud800 = 1"])
def test_odd_texts_raise_nothing(text: str) -> None:
    saved = mend(text)
    tree = saved and saved.tree
    assert tree is None or isinstance(tree, ast.Module)


def test_the_lines_that_are_left_out_are_told():
    saved = mend("import pickle\nx = = pickle.load(f)\ny = 1\nprint pickle\n")
    assert saved is not None
    assert saved.left_out == "x = = pickle.load(f)\nprint pickle"
