import pytest

from stsec_magic.app.edits import Edits


def test_an_outer_change_is_made_of_what_the_inner_one_left():
    edits = Edits("f(g(x))")
    edits.replace(2, 6, "h()")
    edits.replace(0, 7, f"k({edits.text(2, 6)})")
    assert edits.text() == "k(h())"


def test_insertions_keep_their_order_around_a_change():
    edits = Edits("ab")
    edits.insert(1, "1")
    edits.insert(1, "2")
    edits.replace(1, 2, "B")
    edits.insert(0, "0")
    edits.insert(2, "3")
    assert edits.text() == "0a12B3"
    assert edits.text(1, 2) == "B"


def test_changes_that_cross_are_refused():
    edits = Edits("abcdef")
    edits.replace(1, 4, "x")
    with pytest.raises(ValueError, match="overlap"):
        edits.replace(2, 6, "y")
