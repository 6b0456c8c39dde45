"""A text as words, marks and string literals, alike for every language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from stsec_magic.source.tokens.stringtokens import StringSpan

_CODE = re.compile(
    r"""
    (?P<word>[^\W\d]\w*+ | `(?P<ticked>[^`\n]{1,80})`)
    | (?P<mark>
        <<-|->>|<-|=>|:::|::|:=|\|\|=|\?\?=|\?=|\+=|\.=|===|!==|==|!=|=~|<=|>=|->|\|\||\?\?|\?:|//|'[^\W\d]\w*+
        |[^\w\s] )
    | \d[\w.]*+ | (?P<line>\n)
    """,
    re.VERBOSE,
)
# Where a key may hold dashes and dots.
_DASHED = re.compile(_CODE.pattern.replace(r"[^\W\d]\w*+ |", r"[^\W\d][\w.\-]*+ |", 1), re.VERBOSE)
_POWERSHELL = re.compile(_CODE.pattern.replace(r"[^\W\d]\w*+ |", r"[^\W\d][\w\-]*+(?::\w++)?+ |", 1), re.VERBOSE)
DASHED = frozenset(
    "yaml toml ini properties json json5 terraform clojure scheme racket emacs-lisp common-lisp nginx apacheconf "
    "tcl docker nix desktop systemd".split()
)


class Atom(NamedTuple):
    """A word, a mark or a string literal.

    Attributes:
        text: The word without backticks, or the mark; "" for a literal.
        start: Offset of its first character.
        end: Offset just past its last.
        literal: The literal that it is.
        fresh: Whether a line ends between it and the atom before.
    """

    text: str
    start: int
    end: int
    literal: StringSpan | None = None
    fresh: bool = False

    @property
    def is_word(self) -> bool:
        """Whether it is an identifier or a keyword."""
        return self.text[:1].isalpha() or self.text[:1] == "_"

    def __repr__(self) -> str:
        """The place alone: the text may be a secret."""
        return f"Atom({self.start}, {self.end})"


def atoms_of(
    text: str, strings: Sequence[StringSpan], comments: Sequence[tuple[int, int]], language: str
) -> list[Atom]:
    """Split a text whose literals and comments are known.

    Args:
        text: The text.
        strings: Its string literals, in order.
        comments: Its comments, in order.
        language: Alias of the language.

    Returns:
        The atoms in order, without comments and space.
    """
    pattern = _DASHED if language in DASHED else _POWERSHELL if language == "powershell" else _CODE
    found: list[Atom] = []
    fresh = False
    at = 0
    for start, end, literal in _islands(text, strings, comments):
        for match in pattern.finditer(text, at, max(at, start)):
            if match["line"]:
                fresh = True
                continue
            found.append(Atom(match["ticked"] or match[0], match.start(), match.end(), None, fresh))
            fresh = False
        if literal is not None and start >= at:
            found.append(Atom("", start, end, literal, fresh))
            fresh = False
        elif text.find("\n", start, end) >= 0:
            fresh = True
        at = max(at, end)
    return found


def _islands(
    text: str, strings: Sequence[StringSpan], comments: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, StringSpan | None]]:
    both: list[tuple[int, int, StringSpan | None]] = [(start, end, None) for start, end in comments]
    both += [(string.start, string.end, string) for string in strings]
    both.sort(key=lambda island: island[:2])
    yield from both
    yield len(text), len(text), None


_JOINTS = frozenset((".", "::", "?."))
_LANGUAGE_JOINTS = {
    "r": frozenset((".", "::", ":::", "$", "@")),
    **dict.fromkeys(("php", "perl", "c", "cpp", "objective-c", "d"), frozenset((".", "::", "->"))),
}
_LONGEST_CHAIN = 8


def chain(atoms: Sequence[Atom], i: int, language: str) -> tuple[int, str]:
    """The dotted name that ends with a word.

    Args:
        atoms: The atoms.
        i: Index of the name's last word.
        language: Alias of the language, for what joins words there.

    Returns:
        Index of its first word, and the name with dots.
    """
    joints = _LANGUAGE_JOINTS.get(language, _JOINTS)
    words = [atoms[i].text]
    while (
        len(words) < _LONGEST_CHAIN
        and i >= 2
        and atoms[i - 1].text in joints
        and atoms[i - 2].is_word
        and (atoms[i - 2].end == atoms[i - 1].start or atoms[i - 1].fresh)
        and not atoms[i].fresh
    ):
        i -= 2
        words.append(atoms[i].text)
    return i, ".".join(reversed(words))
