"""Paths with holes, compared."""

from __future__ import annotations

import time

import pytest

from stsec_magic.source.paths import ANY, HOLE
from stsec_magic.source.same_file import is_inside, is_spelled, same_file

X, Y = f"{HOLE}x{HOLE}", f"{HOLE}y{HOLE}"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("m.pkl", "m.pkl", True),
        ("m.pkl", "n.pkl", False),
        ("./a/m.pkl", "a/m.pkl", True),
        ("/content/a/m.pkl", "a/m.pkl", True),
        ("a/m.pkl", "b/m.pkl", False),
        ("a\\m.pkl", "a/m.pkl", True),
        (f"{X}/m.pkl", f"{Y}/m.pkl", True),
        (X, X, True),
        (X, Y, False),
        (ANY, ANY, False),
        (f"/tmp/{ANY}/m.pkl", f"/tmp/{ANY}/m.pkl", True),
        (f"{X}.pkl", "m.pkl", False),
        (f"{X}.pkl", f"{Y}.pkl", False),
        (f"model_{X}.pkl", "model_3.pkl", True),
        (f"model_{X}.pkl", f"model_{Y}.pkl", True),
        (f"model_{X}.pkl", "model_3.joblib", False),
        (f"ab{X}cd{Y}.pkl", "ab12cd34.pkl", True),
        (f"abc{X}abc.pkl", "abc.pkl", False),
        (f"(.*)+[b]{{3}}abc{X}", "(.*)+[b]{3}abcd", True),
        (f"(.*)+[b]{{3}}abc{X}", "bbbabcd", False),
        (f"abc{HOLE}", "abc", False),
        ("", "", True),
    ],
)
def test_same_file(one: str, other: str, same: bool) -> None:
    assert same_file(one, other) is same
    assert same_file(other, one) is same


@pytest.mark.parametrize(
    ("path", "folder", "inside"),
    [
        ("a/b/m.pkl", "a", True),
        ("a/m.pkl", "./a/", True),
        ("x/a/m.pkl", "a", True),
        ("ab/m.pkl", "a", False),
        ("m.pkl", "", True),
        ("/m.pkl", "", False),
        ("~/m.pkl", "", False),
        ("C:/m.pkl", "", False),
        (f"{X}/m.pkl", "", False),
        (f"{X}/m.pkl", X, True),
    ],
)
def test_is_inside(path: str, folder: str, inside: bool) -> None:
    assert is_inside(path, folder) is inside


def test_is_spelled() -> None:
    assert is_spelled("m.pkl") and is_spelled(f"{X}.pkl")
    assert not is_spelled(X) and not is_spelled(f"{X}/{Y}") and not is_spelled("")


def test_many_holes_are_quick() -> None:
    start = time.process_time()
    assert not same_file(f"{X}a" * 100 + "c", "a" * 400 + "b")
    assert time.process_time() - start < 0.2
