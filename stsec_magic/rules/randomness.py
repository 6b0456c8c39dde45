"""Does a string look made by a machine? Character statistics, no list of words."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

from stsec_magic.rules.trigrams import surprise

_SEQUENCES = (
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "01234567890123456789",
    "98765432109876543210",
    "qwertyuiopasdfghjklzxcvbnm",
)


_STARTS = frozenset(sequence[i : i + 4] for sequence in _SEQUENCES for i in range(len(sequence) - 3))

# A hump of an identifier, a word in capitals, a number, what stands between them.
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+|[^A-Za-z0-9]+")
_NO_ALNUM = re.compile(r"[^A-Za-z0-9]")
_RUN = re.compile(r"[A-Za-z0-9]+")
_HEX = re.compile(r"[0-9a-fA-F]+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_LETTER, _DIGIT, _SIGN = 1, 2, 3
# Bits that a piece costs one who writes words and numbers, by what stands before it.
_WORD_AFTER = {0: 1.0, _SIGN: 1.0, _LETTER: 3.0, _DIGIT: 4.0}
_NUMBER_AFTER = {0: 4.0, _SIGN: 2.0, _LETTER: 4.0, _DIGIT: 0.0}
_CAPITAL = 1.0
_PER_DIGIT = math.log2(10)
_OF_YEAR = 7.0
_JOINT, _OTHER_SIGN, _SAME_SIGN = 2.0, 6.0, 1.0
_MADE_SIGN = 5.0
_MARGIN = 8.0
"""Bits by which a machine must be the likelier writer where nothing else speaks for it."""

_LONGEST = 400
"""Characters; the rest of a longer value tells nothing new."""


def entropy(text: str) -> float:
    """Shannon entropy of the characters, in bits per character."""
    if not text:
        return 0.0
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


def is_random(text: str, least: int = 12, margin: float = _MARGIN) -> bool:
    """Whether a string looks made by a machine.

    Two writers are compared: one who draws each character from an alphabet, and one who writes words,
    names and numbers, to whom common letters cost little and every odd one, and every change between
    letters and digits, some bits.

    Args:
        text: The value.
        least: Shorter ones never do.
        margin: By how many bits the first must be the likelier writer.
    """
    if len(text) < least or " " in text:
        return False
    text = text[:_LONGEST]
    core = _NO_ALNUM.sub("", text)
    if len(core) < len(text) * 0.7 or core.isdigit() or entropy(text) < min(2.6, math.log2(len(text)) * 0.65):
        return False
    return _bits_as_words(text) - _bits_as_made(text) > margin


def _bits_as_words(text: str) -> float:
    bits, before = 0.0, 0
    for piece in _PIECE.findall(text):
        first = piece[0]
        if first.isdigit():
            bits += _NUMBER_AFTER[before] + (_OF_YEAR if _YEAR.fullmatch(piece) else _PER_DIGIT * len(piece))
            before = _DIGIT
        elif first.isalpha() and first.isascii():
            bits += _WORD_AFTER[before] + surprise(piece.lower()) + (_CAPITAL if first.isupper() else 0)
            before = _LETTER
        else:
            bits += _JOINT if first in "-_./" else _OTHER_SIGN
            bits += sum(_SAME_SIGN if a == b else _OTHER_SIGN for a, b in pairwise(piece))
            before = _SIGN
    return bits


def _bits_as_made(text: str) -> float:
    """Each run of letters and digits has its own alphabet: a prefix in words, then hex."""
    runs = _RUN.findall(text)
    bits = sum(len(run) * math.log2(_alphabet(run)) for run in runs)
    return bits + _MADE_SIGN * (len(text) - sum(map(len, runs)))


def _alphabet(run: str) -> int:
    has_lower, has_upper, has_digit = run != run.upper(), run != run.lower(), not run.isalpha()
    letters = 6 if has_digit and _HEX.fullmatch(run) else 26
    return letters * has_lower + letters * has_upper + 10 * has_digit


def changes(text: str) -> int:
    """How often letters change case or give way to digits, and back."""
    kinds = [("d" if c.isdigit() else "u" if c.isupper() else "l") for c in text]
    return sum(a != b for a, b in pairwise(kinds))


def alternates(text: str) -> bool:
    """abcd1234efgh5678: letters and digits in turn, as no name has them, whoever wrote it."""
    core = _NO_ALNUM.sub("", text)
    return changes(core) >= max(4, 0.16 * len(core)) and sum(c.isdigit() for c in core) >= 4


def is_sequence(lowered: str) -> bool:
    """abcd1234, 1234567890abcdef: runs of the alphabet or of a keyboard's row make up the value."""
    bare = re.sub(r"[^a-z0-9]", "", lowered)
    if len(bare) < 6:
        return bool(bare) and any(bare in sequence for sequence in _SEQUENCES)
    if not any(bare[i : i + 4] in _STARTS for i in range(len(bare) - 3)):
        return False
    # A short run proves little in a long value: random hex holds "4567" now and then.
    least = 4 if len(bare) <= 16 else 6
    covered = at = 0
    while at < len(bare):
        run = max(_run(bare, at, sequence) for sequence in _SEQUENCES)
        if run >= least:
            covered += run
            at += run
        else:
            at += 1
    return covered >= 0.75 * len(bare)


def _run(text: str, start: int, sequence: str) -> int:
    """How many characters from ``start`` on follow a sequence."""
    at = sequence.find(text[start : start + 4])
    if at < 0 or len(text) - start < 4:
        return 0
    n = 4
    while at + n < len(sequence) and start + n < len(text) and sequence[at + n] == text[start + n]:
        n += 1
    return n
