"""What can be saved of Python that doesn't parse: the lines that the parser stumbles over are left out.

A notebook's broken cell is mostly sound: one ``print x`` of Python 2, one line of pseudo-code.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import NamedTuple

_LONGEST = 50_000
"""Characters; each attempt parses all of them."""

_ATTEMPTS = 20
_WORK = 60_000
"""Characters that all attempts together may parse."""

_OLD_EXCEPT = re.compile(r"^([ \t]*except[ \t]+[\w., ()]+?),[ \t]*(\w+)[ \t]*:", re.MULTILINE)
_OLD_PRINT = re.compile(r"^([ \t]*)(?:print|exec)(?=[ \t]+[^\s=(.,])[^\n]*", re.MULTILINE)
_INDENT = re.compile(r"[ \t]*")


class Mended(NamedTuple):
    """What could be saved.

    Attributes:
        tree: The tree of what is left, every line in its place.
        left_out: The lines that aren't in it as they were.
    """

    tree: ast.Module
    left_out: str


def mend(text: str) -> Mended | None:
    """Parse Python without the lines that spoil it.

    Args:
        text: Source that doesn't parse.

    Returns:
        What is left; None where that isn't worth the time.
    """
    if len(text) > _LONGEST:
        return None
    lines = _OLD_PRINT.sub(r"\1pass", _OLD_EXCEPT.sub(r"\1 as \2:", text)).split("\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(min(_ATTEMPTS, 2 + _WORK // (len(text) + 1))):
            try:
                tree = ast.parse("\n".join(lines))
            except SyntaxError as error:
                if not _leave_out(lines, min(error.lineno or 0, len(lines)) - 1):
                    return None
            except (ValueError, RecursionError, MemoryError):
                return None
            else:
                pairs = zip(text.split("\n"), lines, strict=True)
                return Mended(tree, "\n".join(before for before, after in pairs if before != after))
    return None


def _leave_out(lines: list[str], index: int) -> bool:
    """Put ``pass`` in the place of a line, or of the last one before it that says anything."""
    while index >= 0 and lines[index].strip() in ("", "pass"):
        lines[index] = ""
        index -= 1
    if index < 0:
        return False
    indent = _INDENT.match(lines[index])
    lines[index] = (indent[0] if indent else "") + "pass"
    return True
