"""Pygments' tokens of a cell in any language, within bounds of time and size."""

from __future__ import annotations

import gc
import re
import time
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from stsec_magic.source.tokens.aliases import alias_of, lexers

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

LONGEST = 100_000
"""A longer cell is data: it is left to those who read characters."""
_LONGEST_RUN = 256
# Many lexers take quadratic time on some text. A common one needs 2 to 10 microseconds a character.
_SECONDS = 0.2
_SECONDS_A_CHARACTER = 40e-6
_CHECKED_EVERY = 8

# Inside of so long a word, gap or rule nothing is learned, and some patterns backtrack through all of it.
_RUN = re.compile(rf"(?<!\w)\w{{{_LONGEST_RUN},}}|(?<!\s)\s{{{_LONGEST_RUN},}}|([^\w\s])\1{{{_LONGEST_RUN},}}")


class Lexeme(NamedTuple):
    """A token of a lexer and where it stands.

    Attributes:
        type: Pygments' type of it.
        text: Its characters, without the middle of very long runs.
        start: Offset of its first character.
        end: Offset just past its last.
    """

    type: _TokenType
    text: str
    start: int
    end: int

    def __repr__(self) -> str:
        """The type and the place alone: the text may be a secret."""
        return f"Lexeme({self.type}, {self.start}, {self.end})"


@lru_cache(maxsize=64)
def lexer_for(language: str) -> Lexer | None:
    """The lexer of a language; only its own module is loaded.

    Args:
        language: As a kernel, a magic or a file's ending calls it.

    Returns:
        The lexer; None for prose and for languages that Pygments doesn't know.
    """
    alias = alias_of(language)
    if alias is None or alias == "dotenv":
        return None
    module, name, _ = lexers()[alias]
    try:
        lexer: Lexer = getattr(import_module(module), name)()
    except Exception:  # Another version's mapping, a lexer that needs what isn't there.
        return None
    return lexer


def lexemes(text: str, language: str) -> list[Lexeme] | None:
    """Split a text into its language's tokens.

    Args:
        text: Source of one cell.
        language: What it is written in.

    Returns:
        The tokens in order; None where no lexer exists, the text is too long, or the lexer fails
        or takes far longer than any honest text does.
    """
    if len(text) > LONGEST:
        return None
    lexer = lexer_for(language)
    if lexer is None:
        return None
    # In a process with many objects one search for circles takes as long as a lexer may: no fault of the text.
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        return _in_time(_mapped(lexer, _Cut(text)), _SECONDS + _SECONDS_A_CHARACTER * len(text))
    except Exception:  # A lexer's error on text it wasn't made for says nothing about the text.
        return None
    finally:
        if was_collecting:
            gc.enable()


def _in_time(lexing: Iterator[Lexeme], seconds: float) -> list[Lexeme] | None:
    found: list[Lexeme] = []
    deadline = time.thread_time() + seconds
    for lexeme in lexing:
        found.append(lexeme)
        if len(found) % _CHECKED_EVERY == 0 and time.thread_time() > deadline:
            return None
    return found


def _mapped(lexer: Lexer, cut: _Cut) -> Iterator[Lexeme]:
    # get_tokens would strip the text and change its line ends.
    for offset, kind, value in lexer.get_tokens_unprocessed(cut.text):
        yield Lexeme(kind, value, cut.original(offset), cut.original(offset + len(value)))


class _Cut:
    """A text whose very long runs of a kind are shortened, with the way back."""

    def __init__(self, text: str) -> None:
        parts: list[str] = []
        self._places: list[int] = []
        self._taken: list[int] = [0]
        done = length = 0
        for run in _RUN.finditer(text):
            half = _LONGEST_RUN // 2
            kept = text[done : run.start() + half]
            parts.append(kept)
            length += len(kept)
            done = run.end() - half
            self._places.append(length)
            self._taken.append(done - length)
        parts.append(text[done:])
        self.text = "".join(parts)

    def original(self, offset: int) -> int:
        return offset + self._taken[bisect_right(self._places, offset)] if self._places else offset
