"""What one walk through a cell collects."""

from __future__ import annotations

import pytest

from tests.source.flowing import calls, names


@pytest.mark.parametrize(
    ("source", "bound"),
    [
        ("x = 1", True),
        ("x: int = 1", True),
        ("x += 1", True),
        ("(x := 1)", True),
        ("a, (b, *x) = y", True),
        ("for x in y: pass", True),
        ("with y as (a, x): pass", True),
        ("import y as x", True),
        ("from y import x", True),
        ("import x.y", True),
        ("try: y\nexcept E as x: y", True),
        ("match y:\n  case x: pass", True),
        ("match y:\n  case C() as x if y: pass", True),
        ("match y:\n  case x if y: pass", True),
        ("match y:\n  case {'a': x}: pass", True),
        ("match y:\n  case C(a=x) | D(b=x): pass", True),
        ("match y:\n  case [1, *x]: pass", True),
        ("match y:\n  case {'a': 1, **x}: pass", True),
        ("[(x := y) for y in z]", True),
        ("f([y for y in z if (x := y)])", True),
        ("def f():\n    return [(x := y) for y in z]", False),
        ("def x(): pass", True),
        ("class x: pass", True),
        ("def f():\n    global x\n    x = 1", True),
        ("def f():\n    x = 1", False),
        ("class A:\n    x = 1", False),
        ("y.x = 1", False),
        ("f(x)", False),
        ("print 'a'\nimport y as x", True),
    ],
)
def test_what_binds_a_name_of_the_module(source: str, bound: bool) -> None:
    assert names(source).binds("x") is bound


def test_branches_are_told_from_what_holds_in_any_case() -> None:
    known = names("x = 1\nif c:\n    x = 2\ntry:\n    x = 3\nexcept E:\n    pass\nwith y:\n    x = 4")
    assert [binding.branch for binding in known.rows(known.module, "x")] == [False, True, True, False]


@pytest.mark.parametrize(
    ("block", "branch"),
    [
        ("match c:\n  case 1:", True),
        ("with suppress(E):", True),
        ("with contextlib.suppress(E) as a, b():", True),
        ("with open(suppress):", False),
        ("with suppress:", False),
    ],
)
def test_what_may_not_run_to_its_end_is_a_branch(block: str, branch: bool) -> None:
    known = names(f"{block}\n    x = 1")
    assert [binding.branch for binding in known.rows(known.module, "x")] == [branch]


def test_groups_of_exceptions_are_branches() -> None:
    known = names("try:\n    x = 3\nexcept* E:\n    x = 4")
    assert [binding.branch for binding in known.rows(known.module, "x")] == [True, True]


def test_calls_are_found_in_every_corner() -> None:
    source = "@f\ndef g(a=f()):\n    return [f() for x in f() if f()]\nlambda: f()\nclass A(f()):\n    b = f'{f()}'"
    assert len(calls(names(source), "f")) == 7


def test_a_comprehension_keeps_its_names() -> None:
    assert names("[x for x in y]").binds("x") is False


def test_attributes_keys_and_additions_are_kept() -> None:
    known = names("a.p = 1\nb['p'] = 2\nclass C:\n    p = 3\nq.append(4)\nq[i] = 5")
    assert sorted(use.node.value for use in known.assigned("p")) == [1, 2, 3]
    assert sorted(use.node.value for use in known.added("q")) == [4, 5]
