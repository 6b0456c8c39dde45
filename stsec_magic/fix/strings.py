"""String literals taken apart, and a part of one turned into an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BRACE = re.compile(r"[{}]")
_BRACE_OR_NAME = re.compile(r"\\N\{[A-Za-z0-9 \-]{1,100}\}|\\\\|[{}]")
_OPENING = re.compile(r"([A-Za-z]{0,3})(\"\"\"|'''|\"|')")


@dataclass(frozen=True, slots=True)
class Piece:
    """One string token; a literal may be made of several in a row.

    Attributes:
        start: Offset of its prefix.
        quote: Its quote: one character or three.
        body: Offset of its first character.
        body_end: Offset just past its last.
        prefix: The letters before the quote, in lower case.
    """

    start: int
    quote: str
    body: int
    body_end: int
    prefix: str

    @property
    def end(self) -> int:
        """Offset just past the closing quote."""
        return self.body_end + len(self.quote)


def pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    """The string tokens of a literal.

    Args:
        text: A cell's text.
        start: Where the literal begins.
        end: Where it ends.

    Yields:
        Each; nothing more where the text is no literal after all.
    """
    at = start
    while at < end:
        opening = _OPENING.match(text, at, end)
        if opening is None:
            # Space, line ends, comments and backslashes stand between the pieces.
            at = _past_comment(text, at, end) if text[at] == "#" else at + 1
            continue
        quote = opening[2]
        close = _closing(text, opening.end(), end, quote)
        if close is None:
            return
        yield Piece(opening.start(), quote, opening.end(), close, opening[1].lower())
        at = close + len(quote)


def _past_comment(text: str, at: int, end: int) -> int:
    line = text.find("\n", at, end)
    return end if line < 0 else line


def _closing(text: str, at: int, end: int, quote: str) -> int | None:
    while at < end:
        if text[at] == "\\":
            at += 2
        elif text.startswith(quote, at):
            return at
        else:
            at += 1
    return None


def gap(text: str, start: int) -> str:
    """A space where a name is to begin right behind a word: in ``return"..."``.

    Args:
        text: A cell's text.
        start: Where the name is to begin.
    """
    return " " if start and (text[start - 1].isalnum() or text[start - 1] == "_") else ""


def embedded(piece: Piece, expression: str) -> str | None:
    """An expression as it stands in a string token.

    Args:
        piece: The token.
        expression: The expression; it may hold double quotes.

    Returns:
        None where no f-string can be made of the token.
    """
    if "b" in piece.prefix:
        return None
    # Before Python 3.12 an f-string's expressions can't hold its own quote.
    inner = expression.replace('"', "'") if piece.quote[0] == '"' else expression
    return "{" + inner + "}"


def opening(text: str, piece: Piece, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """What else changes where a string token becomes an f-string.

    Args:
        text: A cell's text.
        piece: The token.
        taken: The spans in it that give way to expressions, in order.

    Yields:
        Edits: start, end, text.
    """
    if "f" in piece.prefix:
        return
    yield piece.start, piece.body - len(piece.quote), f"{gap(text, piece.start)}f{piece.prefix.replace('u', '')}"
    at = piece.body
    for start, end in (*taken, (piece.body_end, piece.body_end)):
        for brace in (_BRACE if "r" in piece.prefix else _BRACE_OR_NAME).finditer(text, at, start):
            if len(brace[0]) == 1:
                yield brace.start(), brace.end(), brace[0] * 2
        at = end
