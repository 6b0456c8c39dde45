"""How surprising a word's letters are: the likelihood of each after the two before it, from a small table.

``trigrams.txt`` is built by ``benchmarks/trigrams.py`` from the words and identifiers of Python's
standard library. Its row for two letters holds, for each following letter, the surprise in units of
half a bit as a base-36 digit; ``^`` stands before a word.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

LETTERS = "^abcdefghijklmnopqrstuvwxyz"
UNIT = 0.5
"""Bits."""

LARGEST = 30
"""Units; what was never seen is no more surprising than that."""

_NUMBER = {letter: i for i, letter in enumerate(LETTERS)}


@lru_cache(maxsize=1)
def _table() -> list[list[float]]:
    """By the two letters before (27 x 27 rows), the bits of each letter."""
    rows = (files("stsec_magic.rules") / "trigrams.txt").read_text("ascii").split()
    return [[0.0, *(int(digit, 36) * UNIT for digit in row)] for row in rows]


def surprise(word: str) -> float:
    """The bits that a word's letters carry in the eyes of one who reads English and code.

    Args:
        word: Letters from a to z.
    """
    table, bits, row = _table(), 0.0, 0
    numbers = [0, *map(_NUMBER.__getitem__, word)]
    for before, letter in pairwise(numbers):
        row = (row % 27) * 27 + before
        bits += table[row][letter]
    return bits
