"""Lexers' tokens put together to string literals and comments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from stsec_magic.source.tokens.lexing import Lexeme

if TYPE_CHECKING:
    from pygments.token import _TokenType

_FARTHEST = 4000
"""So far an interpolated expression reaches; beyond it the literal was never closed."""

_OPENING = re.compile(
    r"(?P<affix>[A-Za-z@$&~]{0,4})(?P<hashes>\#{0,16})(?P<quote>\"\"\"|'''|[\"'`])"
    r"|(?P<long>\[={0,9}\[)|(?P<other>(?:%[A-Za-z]?|q[a-z]?)\s?)(?P<delimiter>[^\w\s])"
)
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_RAW = re.compile(r"\w{0,16}-{0,9}[(\[{]")
_DOLLARS = re.compile(r"\$\w{0,40}\$")
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*+"')
_COMMENT_MARKS = ("/", "#", "--", "*", "%", ";")


class StringSpan(NamedTuple):
    """A string literal.

    Attributes:
        content_start: Offset of the first character between the quotes.
        content_end: Offset just past the last one.
        start: Offset of the literal's first character, its prefix included.
        end: Offset just past its closing quote.
        interpolated: Whether parts of it are computed.
        pattern: Whether it is a regular expression.
    """

    content_start: int
    content_end: int
    start: int
    end: int
    interpolated: bool = False
    pattern: bool = False


class _Kind(IntEnum):
    CODE = 0
    STRING = 1
    AFFIX = 2
    INTERPOLATION = 3
    SYMBOL = 4
    SCALAR = 5
    COMMENT = 6
    DIRECTIVE = 7
    NAME = 8


@lru_cache(maxsize=1024)
def _kind(token: _TokenType) -> _Kind:
    from pygments.token import Comment, Literal, Name, String

    table = (
        (Comment.Preproc, _Kind.DIRECTIVE),
        (Comment.PreprocFile, _Kind.CODE),
        (Comment, _Kind.COMMENT),
        (String.Affix, _Kind.AFFIX),
        (String.Interpol, _Kind.INTERPOLATION),
        (String.Symbol, _Kind.SYMBOL),
        (String, _Kind.STRING),
        (Literal.Scalar, _Kind.SCALAR),
        (Name, _Kind.NAME),
    )
    return next((kind for parent, kind in table if token[: len(parent)] == parent), _Kind.CODE)


class _Open:
    """A literal whose end hasn't come yet."""

    def __init__(self, lexeme: Lexeme, start: int) -> None:
        opening = _OPENING.match(lexeme.text)
        self.start, self.end = start, lexeme.end
        self.content_start = lexeme.start
        self.closing: str | None = None
        self.depth = 0
        self.interpolated = False
        self.pattern = str(lexeme.type).endswith("Regex")
        if opening is None or self.pattern:
            return
        self.content_start = lexeme.start + opening.end()
        if opening["quote"]:
            self.closing = opening["quote"] + opening["hashes"]
            if "@" in opening["affix"] and "\n" in lexeme.text[:4]:
                self.closing += "@"  # PowerShell's here-strings
        elif opening["long"]:
            self.closing = opening["long"].replace("[", "]")
        else:
            self.closing = _CLOSING.get(opening["delimiter"], opening["delimiter"])

    def is_closed_by(self, lexeme: Lexeme) -> bool:
        """Whether a token that belongs to the literal ends it."""
        closing = self.closing
        if closing is None or not lexeme.text.endswith(closing) or lexeme.end - len(closing) < self.content_start:
            return False
        if str(lexeme.type).endswith("Escape"):
            return False
        if lexeme.start < self.content_start:
            return True  # the whole literal in one token: the lexer knows how it escapes
        body = lexeme.text[: -len(closing)]
        if body == closing and lexeme.start > self.content_start:
            return False  # a doubled quote
        return (len(body) - len(body.rstrip("\\"))) % 2 == 0

    def joins(self, lexeme: Lexeme, text: str) -> bool:
        """Whether a string token goes on with this literal that has no quotes."""
        between = text[self.end : lexeme.start]
        return self.closing is None and (not between or (len(between) < 80 and not between.strip(" ")))


class Pieces:
    """The literals and comments of a text."""

    def __init__(self, text: str, lexemes: Iterable[Lexeme], *, scalars: bool = False) -> None:
        """Put tokens together.

        Args:
            text: The text.
            lexemes: Its tokens, in order.
            scalars: Whether variables and constants are values, as YAML's lexer has it.
        """
        self._text = text
        self._scalars = scalars
        self._stack: list[_Open] = []
        self._affix: int | None = None
        self.strings: list[StringSpan] = []
        self.comments: list[tuple[int, int]] = []
        self._directive: tuple[int, int] | None = None
        for lexeme in lexemes:
            if lexeme.text:
                self._take(lexeme)
        self._end_directive()
        self._drop()
        self.strings.sort()

    def _take(self, lexeme: Lexeme) -> None:
        kind = self._refined(_kind(lexeme.type), lexeme)
        if self._stack and lexeme.start - self._stack[0].end > _FARTHEST:
            self._drop()
        if kind is _Kind.DIRECTIVE and not self._stack:
            start = lexeme.start if self._directive is None else self._directive[0]
            self._directive = (start, lexeme.end)
            return
        self._end_directive()
        if kind is _Kind.AFFIX:
            self._affix = lexeme.start
            return
        if kind in (_Kind.STRING, _Kind.SCALAR):
            self._string(lexeme)
        elif self._stack and self._stack[-1].closing is not None:
            self._inside(lexeme, kind)
        elif kind is _Kind.COMMENT:
            self._drop()
            self._comment(lexeme)
        elif lexeme.text.strip(" "):
            self._drop()
        self._affix = None

    def _refined(self, kind: _Kind, lexeme: Lexeme) -> _Kind:
        text = lexeme.text
        if kind is _Kind.SYMBOL or (kind is _Kind.NAME and text[0] in "\"'"):
            return _Kind.STRING if len(text) > 2 and text[0] == text[-1] and text[0] in "\"'" else _Kind.CODE
        if kind is _Kind.NAME and self._scalars and str(lexeme.type).endswith((".Variable", ".Constant")):
            return _Kind.SCALAR
        if kind is _Kind.STRING and text.startswith(_COMMENT_MARKS) and str(lexeme.type).endswith(".Doc"):
            return _Kind.COMMENT
        return kind

    def _string(self, lexeme: Lexeme) -> None:
        top = self._stack[-1] if self._stack else None
        if top is not None and top.closing is None and not top.joins(lexeme, self._text):
            self._drop()
            top = None
        if top is None or top.depth:
            top = _Open(lexeme, lexeme.start if self._affix is None else self._affix)
            self._stack.append(top)
        else:
            top.end = lexeme.end
            top.interpolated |= lexeme.text == "$"  # as PowerShell's lexer begins a variable
        if top.is_closed_by(lexeme):
            self._pop(closed=True)

    def _inside(self, lexeme: Lexeme, kind: _Kind) -> None:
        """A token within a literal that is none of its characters: an expression, or the end of the line."""
        top = self._stack[-1]
        if kind is not _Kind.INTERPOLATION and not top.depth and "\n" in lexeme.text and len(top.closing or "") == 1:
            self._drop()  # the lexer gave up on an unclosed literal
            return
        if kind is _Kind.COMMENT:
            return
        opened = sum(map(lexeme.text.count, "([{")) - sum(map(lexeme.text.count, ")]}"))
        top.depth = max(0, top.depth + opened)
        top.interpolated = True
        if kind is _Kind.INTERPOLATION:
            top.end = lexeme.end

    def _pop(self, *, closed: bool) -> None:
        done = self._stack.pop()
        if not self._stack:
            self.strings.append(_span(self._text, done, closed=closed))

    def _drop(self) -> None:
        """End all open literals where their last character was."""
        del self._stack[1:]
        if self._stack:
            self._pop(closed=False)

    def _comment(self, lexeme: Lexeme) -> None:
        if self.comments and self.comments[-1][1] == lexeme.start:
            self.comments[-1] = (self.comments[-1][0], lexeme.end)
        else:
            self.comments.append((lexeme.start, lexeme.end))

    def _end_directive(self) -> None:
        """``#define KEY "v"`` is one token of C's lexer."""
        if self._directive is not None:
            start, end = self._directive
            self._directive = None
            for match in _QUOTED.finditer(self._text, start, end):
                self.strings.append(StringSpan(match.start() + 1, match.end() - 1, *match.span()))


def _span(text: str, done: _Open, *, closed: bool) -> StringSpan:
    start, end = done.start, done.end
    content_start, content_end = done.content_start, end - (len(done.closing or "") if closed else 0)
    if (
        start == content_start - 1
        and text[max(0, start - 1) : start] in ("r", "R")
        and not text[start - 2 : start - 1].isalnum()
    ):
        start -= 1  # R's lexer takes it for a name
    raw = text[max(0, start - 1) : content_start].strip('@$"')[-1:] in ("R", "r")
    if raw and (opening := _RAW.match(text, content_start, content_end)) is not None:
        # r"(...)" of R, R"x(...)x" of C++: the quotes don't stand next to the content.
        length = opening.end() - content_start
        content_start, content_end = content_start + length, max(content_start + length, content_end - length)
    dollars = _DOLLARS.match(text, content_start, content_end) if done.closing is None else None
    if dollars is not None and text.endswith(dollars[0], content_start + len(dollars[0]), content_end):
        content_start, content_end = dollars.end(), content_end - len(dollars[0])
    return StringSpan(content_start, max(content_start, content_end), start, end, done.interpolated, done.pattern)
