"""The ``%%`` lines at the head of a cell, and what they make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stsec_magic.source.program import CodeCell

_MAGIC = re.compile(r"\s*%%([\w.]+)[^\n]*(?:\n|\Z)")
_SAME_PROGRAM = frozenset("time timeit capture prun memit mprun lprun snakeviz pyinstrument scalene heat stsec".split())
"""Cell magics whose body runs in the kernel's own namespace."""

_FILES = frozenset(("writefile", "file"))
_LOCAL = frozenset(("timeit", "memit", "mprun"))


def _magics(text: str) -> Iterator[re.Match[str]]:
    """The ``%%`` lines at the head of a cell: several may stand above each other."""
    at = 0
    while (magic := _MAGIC.match(text, at)) is not None:
        yield magic
        at = magic.end()


def body_start(text: str) -> int:
    """Where a cell's body begins: behind its ``%%`` lines."""
    return max((magic.end() for magic in _magics(text)), default=0)


def is_apart(cell: CodeCell) -> bool:
    """Whether a cell's code runs elsewhere than in the kernel: it is written to a file, or run by another Python."""
    return any(magic[1] not in _SAME_PROGRAM for magic in _magics(cell.fragment.text))


def is_local(cell: CodeCell) -> bool:
    """Whether a cell's names are those of a function: nothing that it binds is there afterwards."""
    return any(magic[1] in _LOCAL for magic in _magics(cell.fragment.text))


def is_written(cell: CodeCell) -> bool:
    """Whether a cell is written to a file instead of being run."""
    is_file = any(magic[1] in _FILES for magic in _magics(cell.fragment.text))
    return is_file or any(each.kind == "write" for each in cell.resolved.references)
