"""What IPython makes of a line for a shell; IPython itself is asked."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.utils.text import DollarFormatter

from stsec_magic.source.dollars import FILLED, filled_in

KNOWN = {"x": FILLED, "y": FILLED}


def asked(line: str) -> str:
    try:
        return DollarFormatter().vformat(line, [], KNOWN)
    except Exception:
        return line


@pytest.mark.parametrize(
    "line",
    [
        "echo $x {x} $$x $z",
        "echo $x {x} $$x",
        "echo '$$x' $$x",
        "curl -d '{\"a\": 1}' $$x",
        "echo {x!r} {{x}} $$x don't",
        "awk '{print $1}' $$x",
        "echo } $$x",
        "echo {} {x} $$x",
        "echo ${x} $$y",
        "echo {' '.join('ab')} $$y",
    ],
)
def test_it_is_what_ipython_makes_of_it(line: str) -> None:
    assert filled_in(line, KNOWN.__contains__) == asked(line).replace("a b", FILLED).replace("'\\x00'", FILLED)


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from(["$", "$$", "x", "y", "z", "'", '"', "{", "}", " ", "1", "#"]), max_size=12))
def test_any_line(parts: list[str]) -> None:
    line = "".join(parts)
    expected = asked(line)
    # Numbers and sets are filled in as what they are; who asks only looks at the variables that remain.
    if not set(line) & set(string.digits) and "{'" not in line and '{"' not in line:
        assert (filled_in(line, KNOWN.__contains__) or "").count("$") == expected.count("$"), expected


def test_what_nobody_can_tell() -> None:
    told = {"x": True, "y": None}
    assert filled_in("echo $x {y} $$z", lambda name: told.get(name, False)) is None
    assert filled_in("echo $x {y} $q $$z", lambda name: told.get(name, False)) == "echo $x {y} $q $$z"
