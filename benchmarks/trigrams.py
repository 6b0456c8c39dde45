"""Builds the table of letters that stsec_magic/rules/trigrams.py reads, and measures what it tells apart.

Usage: python benchmarks/trigrams.py [--write] [FOLDER]

The words are those of the standard library's own modules, each counted once a file: identifiers at
their humps, comments and docstrings. With a folder of notebooks, it is counted how many of their
words and identifiers look made by a machine; by eye most of those should be.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import string
import sysconfig
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import stsec_magic.rules.trigrams as shipped
from stsec_magic.rules.randomness import is_random

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LEFT_OUT = frozenset(("site-packages", "test", "tests", "idlelib", "encodings", "pydoc_data", "lib2to3"))
_SMOOTHING = 2000
"""Weight of what the last letter alone says, in hundredths of an occurrence."""

_BASE36 = string.digits + string.ascii_lowercase

_ALPHABETS = {
    "hex": "0123456789abcdef",
    "lower case": string.ascii_lowercase,
    "lower case and digits": string.ascii_lowercase + string.digits,
    "letters": string.ascii_letters,
    "letters and digits": string.ascii_letters + string.digits,
}
_LENGTHS = (8, 12, 16, 20, 24, 32)
_TOKEN = re.compile(r"[A-Za-z0-9_\-.]{8,60}")


def words() -> Counter[str]:
    """How many of the library's files use each word."""
    found: Counter[str] = Counter()
    root = Path(sysconfig.get_path("stdlib"))
    for path in sorted(root.rglob("*.py")):
        if not _LEFT_OUT & set(path.relative_to(root).parts):
            text = path.read_text("utf-8", "replace")
            found.update({word.lower() for word in _WORD.findall(text)})
    return found


def table() -> str:
    """The table as it is shipped: one row for each two letters."""
    letters = shipped.LETTERS
    triples: Counter[str] = Counter()
    for word, files in words().items():
        if files > 1 and len(word) > 1 and word.isascii():
            padded = "^^" + word
            for i in range(len(word)):
                triples[padded[i : i + 3]] += round(100 * math.log2(1 + files))
    pairs: Counter[str] = Counter()
    singles: Counter[str] = Counter()
    for triple, count in triples.items():
        pairs[triple[1:]] += count
        singles[triple[2]] += count
    total = singles.total()
    rows = []
    for a, b in product(letters, repeat=2):
        after_one = sum(pairs[b + each] for each in letters)
        after_two = sum(triples[a + b + each] for each in letters)
        row = ""
        for c in letters[1:]:
            none = (singles[c] + 100) / (total + 2600)
            one = (pairs[b + c] + _SMOOTHING * none) / (after_one + _SMOOTHING)
            two = (triples[a + b + c] + _SMOOTHING * one) / (after_two + _SMOOTHING)
            row += _digit(-math.log2(two))
        rows.append(row)
    return "\n".join(rows) + "\n"


def _digit(bits: float) -> str:
    return _BASE36[min(shipped.LARGEST, round(bits / shipped.UNIT))]


def made() -> Iterator[tuple[str, int, float]]:
    """For random strings of each alphabet and length, the share that looks so."""
    rng = random.Random(1)
    for name, alphabet in _ALPHABETS.items():
        for length in _LENGTHS:
            values = ["".join(rng.choice(alphabet) for _ in range(length)) for _ in range(2000)]
            yield name, length, sum(is_random(value, 8) for value in values) / len(values)


def tokens(folder: Path) -> set[str]:
    """Words, identifiers and whatever else stands in the code of a folder's notebooks."""
    found: set[str] = set()
    for path in folder.rglob("*.ipynb"):
        try:
            cells = json.loads(path.read_bytes()).get("cells", ())
        except (ValueError, AttributeError):
            continue
        for cell in cells:
            if isinstance(cell, dict):
                found.update(_TOKEN.findall("".join(cell.get("source") or "")))
    return found


def main() -> None:
    """Build or measure."""
    parser = argparse.ArgumentParser(description="Build and measure the table of letters.")
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    parser.add_argument("--write", action="store_true", help="replace the shipped table")
    options = parser.parse_args()
    if options.write:
        Path(shipped.__file__).with_suffix(".txt").write_text(table(), "ascii")
    for name, length, share in made():
        print(f"{name:22} {length:3}  {share:.3f}")
    if options.folder:
        found = tokens(options.folder)
        print(f"in notebooks: {sum(is_random(each, 8) for each in found)} of {len(found)} look made")


if __name__ == "__main__":
    main()
