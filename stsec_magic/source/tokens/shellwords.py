"""Shell text as commands of words, with its quotes, comments and here-documents."""

from __future__ import annotations

import re
from typing import NamedTuple

from stsec_magic.source.tokens.stringtokens import StringSpan

_PART = re.compile(
    r"""
    (?P<space>(?:[ \t\r\f\v]|\\\r?\n)++)
    |(?P<line>\n)
    |(?P<here><<-?+(?!<))
    |(?P<redirect>[0-9&]?[<>][<>&|]{0,2})
    |(?P<mark>[;&|()])
    |(?P<quote>\$?['"]|`|\$[({])
    |(?P<plain>\\.|[^\s\\'"`$;&|()<>]++|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SPECIAL = re.compile(r"""\\.|\$[({]|["'`(){}]""", re.DOTALL)
_DELIMITER = re.compile(
    r"[ \t]{0,20}(?:'(?P<single>[^'\n]{1,80})'|\"(?P<double>[^\"\n]{1,80})\"|\\?(?P<bare>[\w.\-]{1,80}))"
)
_CLOSING = {"$(": ")", "${": "}", '"': '"', "`": "`", "(": ")", "'": "'"}
_SUBSTITUTING = ("$(", "`")
_MAX_UNCLOSED = 8
"""After so many quotes that nothing closes the others are looked at no more: each costs the rest of the text."""


class Word(NamedTuple):
    """A word of a command.

    Attributes:
        start: Offset of its first character.
        end: Offset just past its last.
        computed: Whether variables or commands are replaced in it.
        quoted: The content of the one pair of quotes that is all of the word.
    """

    start: int
    end: int
    computed: bool = False
    quoted: tuple[int, int] | None = None


class HereDocument(NamedTuple):
    """The lines that a command reads.

    Attributes:
        command: Number of the command.
        start: Offset of the first line.
        end: Offset just past the last line's end.
    """

    command: int
    start: int
    end: int


class ShellWords:
    """A shell text, taken apart.

    Attributes:
        commands: The words of each command, in order; without redirections.
        strings: Quoted parts and here-documents.
        comments: Spans of the comments.
        documents: The here-documents.
        substitutions: Spans between ``$(`` and ``)`` or backticks: shell text again.
    """

    def __init__(self, text: str, start: int = 0, end: int | None = None) -> None:
        """Take a text apart.

        Args:
            text: The text.
            start: Where the shell text begins in it.
            end: Where it ends.
        """
        self.commands: list[list[Word]] = [[]]
        self.strings: list[StringSpan] = []
        self.comments: list[tuple[int, int]] = []
        self.documents: list[HereDocument] = []
        self.substitutions: list[tuple[int, int]] = []
        self._text, self._at, self._end = text, start, len(text) if end is None else end
        self._word: int | None = None
        self._quotes: list[StringSpan] = []
        self._computed = self._skips = False
        self._unclosed = 0
        self._pending: list[tuple[str, bool, int]] = []
        while self._at < self._end:
            self._step()
        self._end_word(self._end)
        self.strings.sort()

    def _step(self) -> None:
        part = _PART.match(self._text, self._at, self._end)
        if part is None:
            self._at += 1
            return
        kind = part.lastgroup
        if kind == "plain":
            self._plain(part)
        elif kind == "quote":
            self._quote(part[0])
        elif kind == "here" and (delimiter := _DELIMITER.match(self._text, part.end(), self._end)) is not None:
            self._end_word(self._at)
            name = next(name for name in delimiter.groups() if name is not None)
            self._pending.append((name, part[0].endswith("-"), len(self.commands) - 1))
            self._at = delimiter.end()
        else:
            self._separator(kind, part)

    def _separator(self, kind: str | None, part: re.Match[str]) -> None:
        self._end_word(self._at)
        self._at = part.end()
        if kind in ("redirect", "here"):
            self._skips = True
        elif kind in ("line", "mark"):
            self._skips = False
            if self.commands[-1]:
                self.commands.append([])
        if kind == "line":
            self._documents()

    def _plain(self, part: re.Match[str]) -> None:
        if self._word is None:
            if part[0][0] == "#":
                end = self._text.find("\n", self._at, self._end)
                end = self._end if end < 0 else end
                self.comments.append((self._at, end))
                self._at = end
                return
            self._word = self._at
        self._computed |= part[0] == "$"
        self._at = part.end()

    def _quote(self, opening: str) -> None:
        start = self._at
        if self._word is None:
            self._word = start
        end = self._closed(opening)
        if end < 0:
            self._at += len(opening)
            self._computed |= opening[0] == "$"
            return
        self._at = end
        if opening[-1] in "'\"":
            computed = opening == '"' and ("$" in self._text[start:end] or "`" in self._text[start:end])
            self._quotes.append(StringSpan(start + len(opening), end - 1, start, end, computed))
            self._computed |= computed
            return
        self._computed = True
        if opening != "${":
            self.substitutions.append((start + len(opening), end - 1))

    def _closed(self, opening: str) -> int:
        """Just past what closes a quote; -1 where nothing does."""
        start = self._at + len(opening)
        if self._unclosed >= _MAX_UNCLOSED:
            return -1
        end = self._text.find("'", start, self._end) + 1 if opening == "'" else self._balanced(opening, start)
        if end <= 0:
            self._unclosed += 1
            return -1
        return end

    def _balanced(self, opening: str, start: int) -> int:
        stack = [(opening if opening in _CLOSING else opening[-1], start)]
        # Only the outermost substitutions are noted: the others are found when those are read.
        inside = int(opening in _SUBSTITUTING)
        for special in _SPECIAL.finditer(self._text, start, self._end):
            mark = special[0]
            top, begun = stack[-1]
            if mark == _CLOSING[top]:
                stack.pop()
                if not stack:
                    return special.end()
                if top in _SUBSTITUTING:
                    inside -= 1
                    if not inside:
                        self.substitutions.append((begun, special.start()))
            elif mark in _CLOSING and _opens(mark, top):
                inside += mark in _SUBSTITUTING
                stack.append((mark, special.end()))
        return -1

    def _end_word(self, end: int) -> None:
        start, quotes = self._word, self._quotes
        self.strings += quotes
        if start is not None:
            whole = quotes[0] if len(quotes) == 1 and (quotes[0].start, quotes[0].end) == (start, end) else None
            content = None if whole is None else (whole.content_start, whole.content_end)
            if not self._skips:
                self.commands[-1].append(Word(start, end, self._computed, content))
            self._skips = False
        self._word, self._quotes, self._computed = None, [], False

    def _documents(self) -> None:
        for name, tabs, command in self._pending:
            start = self._at
            while self._at < self._end:
                begin, end = self._at, self._text.find("\n", self._at, self._end)
                end = self._end if end < 0 else end
                self._at = min(end + 1, self._end)
                line = self._text[begin:end].rstrip()
                if (line.lstrip("\t") if tabs else line) == name:
                    break
            else:
                begin = self._at
            self.documents.append(HereDocument(command, start, begin))
            self.strings.append(StringSpan(start, begin, start, begin))
        self._pending.clear()


def _opens(mark: str, within: str) -> bool:
    """Whether a mark opens something within what another one has opened."""
    if within == "'":
        return False
    if within == '"':
        return mark in ("$(", "${", "`")
    return mark != "(" or within in ("$(", "(")
