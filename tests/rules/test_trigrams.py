"""The table of letters: its shape, and what it makes of words."""

from __future__ import annotations

from importlib.resources import files

from stsec_magic.rules.trigrams import LARGEST, LETTERS, UNIT, surprise
from tests.credentials import token


def test_the_table_is_whole():
    rows = (files("stsec_magic.rules") / "trigrams.txt").read_text("ascii").split()
    assert len(rows) == len(LETTERS) ** 2
    assert all(len(row) == len(LETTERS) - 1 for row in rows)
    assert max(int(digit, 36) for row in rows for digit in row) <= LARGEST


def test_likelihoods_add_up_to_about_one():
    for before in ("", "a", "th", "st", "co"):
        whole = sum(2 ** -(surprise(before + letter) - surprise(before)) for letter in LETTERS[1:])
        assert 0.4 < whole < 1.6  # rounded to half a bit, and what was never seen costs no more than a limit


def test_words_surprise_less_than_letters():
    for word in ("transformation", "dataset", "recommendation", "authentication"):
        assert surprise(word) / len(word) < 4
    for seed in range(50):
        letters = token(seed, 16, "lower")
        assert surprise(letters) / len(letters) > 4


def test_nothing_is_no_surprise():
    assert surprise("") == 0
    assert surprise("a") <= LARGEST * UNIT
