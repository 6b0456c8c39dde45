"""String literals taken apart, and a part of one turned into an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

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


def opened(text: str, piece: Piece, start: int, end: int, expression: str) -> list[tuple[int, int, str]] | None:
    """Put an expression in the place of a part of a string.

    Args:
        text: A cell's text.
        piece: The token that the part stands in.
        start: Where the part begins.
        end: Where it ends.
        expression: What gives its value; it may hold double quotes.

    Returns:
        The edits (start, end, text) that make it an f-string; None where no f-string can be that.
    """
    if "b" in piece.prefix:
        return None
    # Before Python 3.12 an f-string's expressions can't hold its own quote.
    inner = expression.replace('"', "'") if piece.quote[0] == '"' else expression
    edits = [(start, end, "{" + inner + "}")]
    if "f" in piece.prefix:
        return edits
    prefix = "f" + piece.prefix.replace("u", "")
    edits.append((piece.start, piece.body - len(piece.quote), prefix))
    edits += [
        (at, at + 1, text[at] * 2)
        for at in range(piece.body, piece.body_end)
        if text[at] in "{}" and not start <= at < end
    ]
    return edits
