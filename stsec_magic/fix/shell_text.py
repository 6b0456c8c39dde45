"""A shell's text: which quotes are open where, and which variables it sets itself; read once, however often asked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

_ASSIGNED = re.compile(r"(?<![\w$])([A-Za-z_]\w{0,99})\+?=")
_NAMING = re.compile(r"\b(?:unset|for|read|local|declare)\b([^\n;|&]{0,200})")
_NAME = re.compile(r"(?<![\w$])[A-Za-z_]\w{0,99}\b(?!=)")


class ShellText:
    """A stretch of shell, as far as mending needs to know it."""

    def __init__(self, text: str, start: int, end: int) -> None:
        """Read it.

        Args:
            text: A cell's text.
            start: Where the stretch begins.
            end: Where it ends.
        """
        self._text = text
        self._marks = [*_quotes(text, start, end)]
        self._offsets = [at for at, _ in self._marks]
        self._set = Counter(_ASSIGNED.findall(text, start, end))
        for match in _NAMING.finditer(text, start, end):
            self._set.update(_NAME.findall(match[1]))

    def quote_at(self, offset: int) -> str:
        """The quote that is open before a character, ``$'`` or ``$(`` for what is read in its own way; empty for none.

        Args:
            offset: The character's.
        """
        i = bisect_right(self._offsets, offset) - 1
        return self._marks[i][1] if i >= 0 else ""

    def sets_otherwise(self, name: str, offset: int) -> bool:
        """Whether a variable is given something else than what stands at a place.

        Args:
            name: The variable.
            offset: The place.
        """
        before = self._text[max(0, offset - len(name) - 2) : offset].rstrip("\"'")
        return self._set[name] > before.endswith(f"{name}=")


def _quotes(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """From which offset on which quote is open."""
    quote, at = "", start
    while at < end:
        character, was = text[at], quote
        if character == "\\" and quote != "'":
            at += 1
        elif quote:
            quote = _after(quote, text, at)
        elif character in "'\"":
            quote = "$'" if character == "'" and text[at - 1 : at] == "$" else character
        elif character == "#" and (at == start or text[at - 1] in " \t\n;|&("):
            line = text.find("\n", at, end)  # an apostrophe in a comment opens nothing
            at = end if line < 0 else line
        at += 1
        if quote != was:
            yield at, quote


def _after(quote: str, text: str, at: int) -> str:
    """What is open behind a character that stands in quotes."""
    character = text[at]
    if quote == "$(":
        return '"' if character in ")`" else quote  # as far as one needs to know
    if quote == '"' and (character == "`" or text.startswith("$(", at)):
        return "$("  # a command in a text: its quotes are its own
    return "" if character == quote[-1] else quote
