"""Does a string look made by a machine? Character statistics, no words."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

_SEQUENCES = (
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "01234567890123456789",
    "98765432109876543210",
    "qwertyuiopasdfghjklzxcvbnm",
)


_HUMP = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_STARTS = frozenset(sequence[i : i + 4] for sequence in _SEQUENCES for i in range(len(sequence) - 3))
# The commonest pairs of letters of English words and identifiers: of random pairs a quarter is among them.
_COMMON = frozenset(
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic "
    "ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un "
    "lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev "
    "ld ry mp fe bl ab gh ty op wo sa ay ex ke ui fr oo ag if da ue ap ck av do up ok ob ey ef gr ep cl br cr bu gu qu "
    "sc sp rd rm".split()
)
_VERSION = re.compile(r"\d{1,4}|[A-Za-z]{1,3}\d{1,2}|[A-Za-z]{1,4}")


def entropy(text: str) -> float:
    """Shannon entropy of the characters, in bits per character."""
    if not text:
        return 0.0
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


def is_random(text: str, least: int = 12) -> bool:
    """Whether a string looks made by a machine.

    Args:
        text: The value.
        least: Shorter ones never do.

    Returns:
        True where characters of several kinds are mixed as no word, path or identifier mixes them.
    """
    if len(text) < least or " " in text:
        return False
    core = re.sub(r"[^A-Za-z0-9]", "", text)
    if len(core) < least * 0.7:
        return False
    digits = sum(c.isdigit() for c in core)
    if digits == len(core):
        return False
    if is_name(text) or entropy(text) < min(2.9, math.log2(len(text)) * 0.72):
        return False
    switches = changes(core)
    if digits:
        if digits <= 0.16 * len(core) and is_wordlike(re.sub(r"\d", "", core)):
            return False  # calculateInstancePositions64xyLow
        # dataset_v2, gpt2-small-2024: few digits, in one place.
        return switches >= max(3, len(core) * 0.16) or (
            len(core) >= 20 and digits >= 2 and switches >= 3 and not is_wordlike(re.sub(r"\d", "", core))
        )
    mixed = not core.islower() and not core.isupper()
    if mixed:
        return switches >= max(4, len(core) * 0.3) and not is_wordlike(core)
    return len(core) >= 16 and not is_wordlike(core)


def changes(text: str) -> int:
    """How often letters change case or give way to digits, and back."""
    kinds = [("d" if c.isdigit() else "u" if c.isupper() else "l") for c in text]
    return sum(a != b for a, b in pairwise(kinds))


def is_wordlike(letters: str, share: float = 0.62) -> bool:
    """ThisIsCamelCase, dataset: most neighbouring letters are pairs that words are made of.

    Args:
        letters: Letters alone.
        share: How many of the pairs must be common ones.
    """
    humps = _HUMP.findall(letters)
    pairs = [a + b for hump in humps for a, b in pairwise(hump.lower())]
    if len(pairs) < 0.5 * len(letters):
        return False  # humps of one or two letters: no words
    return sum(pair in _COMMON for pair in pairs) >= share * len(pairs)


def is_name(text: str) -> bool:
    """gpt2-small-2024, all-MiniLM-L6-v2: words, versions and years between separators."""
    parts = [part for part in re.split(r"[^A-Za-z0-9]+", text) if part]
    return len(parts) > 1 and all(
        _VERSION.fullmatch(part) or is_wordlike(part.rstrip("0123456789"), 0.5) for part in parts
    )


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
