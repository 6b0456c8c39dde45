"""The parts of a code cell that no syntax tree speaks for, each to be read by its own language's tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stsec_magic.source.ipython import Resolved
from stsec_magic.source.tokens.lexed import Lexed
from stsec_magic.source.tokens.pythoncode import python_in_shell

_PYTHON_PROGRAM = re.compile(r"python|pypy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a cell.

    Attributes:
        start: Code point offset of its first character in the cell.
        end: Offset just past its last.
        lexed: Its text by its language's tokens.
        is_python: Whether it is Python.
        is_apart: Whether it runs in a process of its own, where the notebook's names mean nothing.
    """

    start: int
    end: int
    lexed: Lexed
    is_python: bool = False
    is_apart: bool = False

    def holds(self, offset: int) -> bool:
        """Whether the character at an offset in the cell stands in it."""
        return self.start <= offset < self.end


def whole(resolved: Resolved) -> Iterator[Region]:
    """All of a cell that has no syntax tree.

    Args:
        resolved: The cell.
    """
    source = resolved.source
    yield Region(0, len(source), Lexed(source, resolved.language), is_python=resolved.python is not None)


def stretches(resolved: Resolved) -> Iterator[Region]:
    """The parts of a cell in another language than the cell, and the Python that a shell runs.

    Args:
        resolved: The cell.

    Yields:
        Inner ones after those that they stand in.
    """
    source = resolved.source
    shells = [(0, len(source))] if resolved.language == "shell" else []
    for stretch in resolved.stretches:
        yield Region(stretch.start, stretch.end, Lexed(source[stretch.start : stretch.end], stretch.language))
        if stretch.language == "shell":
            shells.append((stretch.start, stretch.end))
    for start, end in shells:
        if _PYTHON_PROGRAM.search(source, start, end):
            for first, last in python_in_shell(source[start:end]):
                code = source[start + first : start + last]
                yield Region(start + first, start + last, Lexed(code, "python"), is_python=True, is_apart=True)
