"""A text by its language's tokens: its literals, comments, named values and calls, in any language."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from stsec_magic.source.ipython import blank_magics
from stsec_magic.source.namedvalue import NamedValue
from stsec_magic.source.textimports import TextImport
from stsec_magic.source.tokens.aliases import alias_of
from stsec_magic.source.tokens.atoms import Atom, atoms_of
from stsec_magic.source.tokens.barepairs import STATEMENTS, bare_pairs
from stsec_magic.source.tokens.dotenv import DotEnv
from stsec_magic.source.tokens.lexing import LONGEST, lexemes
from stsec_magic.source.tokens.shellpairs import shell_pairs
from stsec_magic.source.tokens.shellwords import ShellWords
from stsec_magic.source.tokens.stringtokens import Pieces, StringSpan
from stsec_magic.source.tokens.textcalls import TextCall, calls, imports
from stsec_magic.source.tokens.tokenpairs import TokenPairs

_MAGIC = re.compile(r"(?:[ \t]*+\n)*+[ \t]*+%%[^\n]*+")
_PYTHON = frozenset(("python", "python2"))
# A shell's words are put together from several tokens: it is read without a lexer.
_SHELL = frozenset(("bash", "fish", "tcsh", "docker"))
_BARE = frozenset("dotenv yaml ini properties toml docker terraform".split()) | STATEMENTS.keys()


class Lexed:
    """A text in some language, taken apart when it is first asked for something.

    Nothing here raises, whatever the text; what can't be known is empty.
    """

    def __init__(self, text: str, language: str) -> None:
        """Take a text.

        Args:
            text: Source of one cell, or of a part of one.
            language: What it is written in, as its kernel or its magic calls it.
        """
        self._text = text
        self._language = alias_of(language) or ""

    def __repr__(self) -> str:
        """The language without the text, which may hold a secret."""
        return f"Lexed({self._language}, {len(self._text)} characters)"

    @property
    def language(self) -> str:
        """What Pygments calls its language; empty where nobody knows it."""
        return self._language

    @property
    def is_shell(self) -> bool:
        """Whether its words are text, quoted or not."""
        return self._language in _SHELL or self._language == "dotenv"

    @property
    def has_bare_values(self) -> bool:
        """Whether a value needs no quotes in its language."""
        return self._language in _SHELL or self._language in _BARE

    @property
    def is_known(self) -> bool:
        """Whether the language is known and the text could be taken apart."""
        return self._parts is not None

    @property
    def gave_up(self) -> bool:
        """Whether somebody asked and the text could not be taken apart, although its language is known."""
        return bool(self._language) and "_parts" in vars(self) and self._parts is None

    @property
    def strings(self) -> Sequence[StringSpan]:
        """The string literals, outermost ones only, in order; here-documents too."""
        return () if self._parts is None else self._parts.strings

    @property
    def comments(self) -> Sequence[tuple[int, int]]:
        """Spans of the comments, in order."""
        return () if self._parts is None else self._parts.comments

    def around(self, offset: int) -> tuple[int, int] | None:
        """The string literal that the character at an offset stands in.

        Args:
            offset: Offset of a character.

        Returns:
            Span of the whole literal, quotes and prefix included.
        """
        i = bisect_right(self._string_starts, offset) - 1
        if i < 0 or offset >= self.strings[i].end:
            return None
        return self.strings[i].start, self.strings[i].end

    def in_comment(self, offset: int) -> bool:
        """Whether the character at an offset stands in a comment.

        Args:
            offset: Offset of a character.
        """
        i = bisect_right(self._comment_starts, offset) - 1
        return i >= 0 and offset < self.comments[i][1]

    def named_values(self) -> Iterator[NamedValue]:
        """Find the values that the language's tokens tie to names.

        Yields:
            Each value once for each name.
        """
        parts = self._parts
        if isinstance(parts, ShellWords):
            yield from shell_pairs(self._text, parts)
        elif isinstance(parts, DotEnv):
            yield from parts.values
        elif parts is not None:
            yield from TokenPairs(self._text, self._atoms, self._language)
            yield from bare_pairs(self._text, self._language, self._is_quoted)

    def calls(self) -> Iterator[TextCall]:
        """Find calls outside of literals and comments.

        Yields:
            Each call of something that has a name, in order; none in shells.
        """
        return calls(self._text, self._atoms, self._language)

    def imports(self) -> Iterator[TextImport]:
        """Find the Python modules to which R, Julia and others give names.

        Yields:
            Each name that is given to a module, in order.
        """
        return imports(self._text, self._atoms, self._language)

    def _is_quoted(self, offset: int) -> bool:
        return self.around(offset) is not None or self.in_comment(offset)

    @cached_property
    def _parts(self) -> Pieces | ShellWords | DotEnv | None:
        if not self._language or len(self._text) > LONGEST:
            return None
        code = self._code()
        if self._language == "dotenv":
            return DotEnv(code)
        if self._language in _SHELL:
            return ShellWords(code)
        found = lexemes(code, self._language)
        return None if found is None else Pieces(code, found, scalars=self._language == "yaml")

    def _code(self) -> str:
        """The text with what is IPython's own blanked."""
        text = self._text
        magic = _MAGIC.match(text)
        if magic is not None:
            text = re.sub(r"[^\n]", " ", magic[0]) + text[magic.end() :]
        if self._language in _PYTHON:
            blanked = blank_magics(text)
            text = text if blanked is None or len(blanked) != len(text) else blanked
        return text

    @cached_property
    def _atoms(self) -> list[Atom]:
        parts = self._parts
        return atoms_of(self._text, parts.strings, parts.comments, self._language) if isinstance(parts, Pieces) else []

    @cached_property
    def _string_starts(self) -> list[int]:
        return [string.start for string in self.strings]

    @cached_property
    def _comment_starts(self) -> list[int]:
        return [start for start, _ in self.comments]
