"""Offsets of a text with pieces taken out or replaced lead back to where they came from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stsec_magic.model.offsets import OffsetMap, Piece

RUNS = st.lists(
    st.tuples(st.text("abc", max_size=4), st.text("<>", max_size=3), st.text("\u00e9 ", max_size=2)), max_size=5
)


@given(runs=RUNS, tail=st.text("abc", max_size=4))
def test_what_was_kept_is_found_again(runs: list[tuple[str, str, str]], tail: str) -> None:
    source, pieces = "", []
    for kept, removed, instead in [*runs, (tail, "", "")]:
        pieces.append(Piece(kept, len(source), literal=True))
        source += kept
        pieces.append(Piece(instead, len(source), literal=False))
        source += removed
    derived, origins = "".join(piece.text for piece in pieces), OffsetMap(lambda: pieces, len(source))
    assert derived == "".join(kept + instead for kept, _, instead in runs) + tail
    at = 0
    for kept, _, instead in [*runs, (tail, "", "")]:
        for i in range(at, at + len(kept)):
            assert source[origins.start(i) : origins.end(i + 1)] == derived[i]
        at += len(kept) + len(instead)


@given(runs=RUNS)
def test_no_offset_leaves_the_source_or_goes_back(runs: list[tuple[str, str, str]]) -> None:
    source, pieces = "", []
    for kept, removed, instead in runs:
        pieces += [Piece(kept, len(source), literal=True), Piece(instead, len(source + kept), literal=False)]
        source += kept + removed
    derived, origins = "".join(piece.text for piece in pieces), OffsetMap(lambda: pieces, len(source))
    starts = [origins.start(i) for i in range(len(derived))]
    assert starts == sorted(starts)
    assert all(0 <= start <= len(source) for start in starts)
    assert all(origins.end(i + 1) >= origins.start(i) for i in range(len(derived)))
