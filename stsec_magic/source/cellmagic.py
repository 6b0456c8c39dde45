"""What the ``%%`` lines at the beginning of a cell make of the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stsec_magic.source.languages import LANGUAGES, file_language, magic_language, word
from stsec_magic.source.linemagic import Reference, statement
from stsec_magic.source.lines import logical_lines
from stsec_magic.source.prompts import FORM_FEED, straightened, unprompted
from stsec_magic.source.syntax import is_code, parse

_DEEPEST = 8
"""More cell magics upon each other are nobody's code, and would take long to look through."""

# What stands before the %%, the magic, its arguments; "%%name?" asks for help instead.
_FIRST_LINE = re.compile(r"(?:[ \t\f]*+[\r\n]++)*+([ \t\f]*+)%%(?!\w++\?)(\S*+)([^\r\n]*+)")
_PROMPTED = re.compile(r"\s*+(?:>>>[ \t]?|(?:\[(?:nav|ins)\] )?In \[\d{1,9}\]: )%%")
_IS_INDENTED = re.compile(r"(?:[ \t]*+[\r\n]++)*+[ \t]")
# A cell of a Databricks notebook says its language so, alone in its first line.
_SWITCH = re.compile(r"%(sql|md|sh|scala|r|fs|python|pyspark)[ \t]*+(?:[\r\n]|\Z)")

_WRITES = frozenset(("writefile", "file"))
# Nothing of IPython's is known below these.
_APART = frozenset("python python3 pypy pypy3 cython script writefile file".split())


@dataclass(frozen=True, slots=True)
class Body:
    """A cell without its cell magics.

    Attributes:
        language: What the body is written in.
        text: The cell's text, the lines of its cell magics blanked.
        written: The file that the body goes to.
    """

    language: str
    text: str = field(repr=False)
    written: Reference | None = None


def body_of(source: str, kernel: str) -> Body:
    """Look through a cell's ``%%`` lines.

    Args:
        source: The cell's source.
        kernel: The language of the notebook.

    Returns:
        What stands below them; the whole cell where there are none.
    """
    language, text, at = kernel, source, 0
    for _ in range(_DEEPEST):
        first = _first_line(text, at)
        if first is None:
            break
        magic, text, at = first[2].lower(), first.string, first.end()
        path = _written(first) if magic in _WRITES else None
        if magic in _WRITES:
            language = file_language(path[0]) if path else "text"
        else:
            language = magic_language(magic, first[3], kernel)
        if language != "python" or magic in _APART:
            text = _blank(text[:at]) + text[at:]
            if magic == "cython" and parse(text) is None:
                language = "cython"
            return Body(language, text, Reference("write", *path) if path else None)
        text = _without(first)
    return Body(language, text if at else source)


def switched(source: str, kernel: str) -> str:
    """What a cell is written in that has no ``%%`` line.

    Args:
        source: The cell's source.
        kernel: The language of the notebook.

    Returns:
        The language that its first line names, else the notebook's: what could run as Python is Python.
    """
    switch = _SWITCH.match(source)
    if switch is None or (kernel == "python" and is_code(source[switch.end() :])):
        return kernel
    return LANGUAGES.get(switch[1]) or magic_language(switch[1], "", kernel)


def _first_line(text: str, at: int) -> re.Match[str] | None:
    """The ``%%`` line that the text begins with at an offset, where IPython would see it."""
    first = _FIRST_LINE.match(text, at)
    if (first and first[1] and not first[1].endswith(FORM_FEED)) or (first is None and _PROMPTED.match(text, at)):
        text = text[:at] + _straight(text[at:])
        first = _FIRST_LINE.match(text, at)
        if first and not first[1].endswith(FORM_FEED):
            return None
    return first


def _straight(text: str) -> str:
    """Text whose prompts and common indentation don't count."""
    text, cuts = unprompted(text)
    out: list[str] = []
    last = 0
    for line in logical_lines(text, cuts):
        cut = straightened(text, line.start, cuts)
        out += [text[last : line.start], cut, text[line.start + len(cut) : line.end]]
        last = line.end
    return "".join((*out, text[last:]))


def _without(first: re.Match[str]) -> str:
    """The text with a ``%%`` line blanked, but for a statement in it, such as the setup of ``%%timeit``."""
    text, end = first.string, first.end()
    at = statement(text, first.end(1), end)
    if at is None or _IS_INDENTED.match(text, end) or not is_code(text[at:end]):
        return _blank(text[:end]) + text[end:]
    return _blank(text[: at - 1]) + FORM_FEED + text[at:]


def _written(first: re.Match[str]) -> tuple[str, int] | None:
    found = word(first.string, first.start(3), first.end(3))
    while found and found[0].startswith("-"):
        found = word(first.string, found[1] + len(found[0]), first.end(3))
    return found


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)
