"""Offsets of a text with pieces taken out or replaced lead back to where they came from."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from stsec_magic.model.offsets import OffsetMap, substitute

RUNS = st.lists(
    st.tuples(st.text("abc", max_size=4), st.text("<>", max_size=3), st.text("\u00e9 ", max_size=2)), max_size=5
)


def _made(runs: list[tuple[str, str, str]], tail: str) -> tuple[str, str, OffsetMap]:
    source, derived, replaced = "", "", []
    for kept, removed, instead in runs:
        source, derived = source + kept, derived + kept
        replaced.append((len(source), len(source + removed), len(instead)))
        source, derived = source + removed, derived + instead
    return source + tail, derived + tail, OffsetMap(lambda: replaced)


@given(runs=RUNS, tail=st.text("abc", max_size=4), back=st.booleans())
def test_what_was_kept_is_found_again(runs: list[tuple[str, str, str]], tail: str, back: bool) -> None:
    source, derived, origins = _made(runs, tail)
    at, places = 0, []
    for kept, _, instead in [*runs, (tail, "", "")]:
        places += range(at, at + len(kept))
        at += len(kept) + len(instead)
    for i in reversed(places) if back else places:
        assert source[origins.start(i) : origins.end(i + 1)] == derived[i]


@given(runs=RUNS, tail=st.text("abc", max_size=4))
def test_what_was_put_in_stands_for_all_that_was_taken_out(runs: list[tuple[str, str, str]], tail: str) -> None:
    source, _, origins = _made(runs, tail)
    at = taken = 0
    for kept, removed, instead in runs:
        at += len(kept)
        taken += len(kept)
        for i in range(at, at + len(instead)):
            assert source[origins.start(i) : origins.end(i + 1)] == removed
        at += len(instead)
        taken += len(removed)


@given(runs=RUNS)
def test_no_offset_leaves_the_source_or_goes_back(runs: list[tuple[str, str, str]]) -> None:
    source, derived, origins = _made(runs, "")
    starts = [origins.start(i) for i in range(len(derived))]
    assert starts == sorted(starts)
    assert all(0 <= start <= origins.end(i + 1) <= len(source) for i, start in enumerate(starts))


def test_changes_are_told() -> None:
    derived, origins = substitute(re.compile("<x>|&"), lambda m: "+" if m[0] == "&" else "", "ab<x>cd&e")
    assert derived == "abcd+e"
    assert [origins.is_changed(i, i + 1) for i in range(6)] == [False, True, True, True, True, False]
    assert not origins.is_changed(0, 1)
    assert not origins.is_changed(5, 6)


def test_a_text_in_which_nothing_was_replaced() -> None:
    derived, origins = substitute(re.compile("x"), "y", "abc")
    assert (derived, origins.start(1), origins.end(3), origins.end(0)) == ("abc", 1, 3, 0)
    assert not origins.is_changed(0, 3)
