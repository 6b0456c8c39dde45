"""IPython's own syntax resolved line for line, so that the rest parses and keeps its places.

Code that IPython would move to the left, because a prompt, a magic or the cell's own indentation stands before it,
stays where it is behind a form feed: Python's tokenizer begins to count a line's indentation anew there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from stsec_magic.source.cellmagic import body_of, switched
from stsec_magic.source.linemagic import Reference, Stretch, parts, statement
from stsec_magic.source.lines import Kind, Line, logical_lines
from stsec_magic.source.prompts import FORM_FEED, straightened, unprompted
from stsec_magic.source.syntax import is_code, parse

__all__ = ["Reference", "Resolved", "Stretch", "blank_magics", "resolve"]

_MOST_LINES = 500
"""IPython refuses a cell with so many lines of its own syntax."""

_MAY_BE_MAGIC = re.compile(r"(?:^|[=>:])[ \t\f]*+[%!](?!=)", re.MULTILINE)
_MAY_NEED = re.compile(r"[%!?\f]|>>>|\.\.\.:|In \[|^[ \t]*+[,;/]|\A(?:[ \t]*+[\r\n]++)*+[ \t]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A cell's source with IPython's syntax resolved.

    Attributes:
        language: What the body is written in.
        python: Python of the same lines and columns, its line magics still in it; None where the body isn't Python.
        source: The cell's source.
    """

    language: str
    # Not shown by repr: they may hold secrets.
    python: str | None = field(repr=False)
    source: str = field(repr=False)
    _written: Reference | None = field(default=None, repr=False, compare=False)
    _found: tuple[Stretch | Reference, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The parts of the source that are in another language than the body, in order."""
        return tuple(each for each in self._parts if isinstance(each, Stretch))

    @property
    def references(self) -> tuple[Reference, ...]:
        """The files with code that the source names, in order."""
        return tuple(each for each in self._parts if isinstance(each, Reference))

    @property
    def _parts(self) -> tuple[Stretch | Reference, ...]:
        found = self._found
        if found is None:
            found = (*([self._written] if self._written else []), *_parts_of(self.python))
            object.__setattr__(self, "_found", found)
        return found


def resolve(source: str, language: str = "python") -> Resolved:
    """Resolve one cell.

    Args:
        source: The cell's source.
        language: The notebook's language.

    Returns:
        What the cell is written in and, for Python, text that can be parsed.
    """
    if "%%" in source:
        body = body_of(source, language)
        return Resolved(body.language, body.text if body.language == "python" else None, source, body.written)
    if source.startswith("%"):
        language = switched(source, language)
    return Resolved(language, source if language == "python" else None, source)


def blank_magics(source: str) -> str | None:
    """The lines that are IPython's alone resolved, for a body that doesn't parse as it is.

    Args:
        source: A cell's Python body.

    Returns:
        Text of the same lines and columns; None where there is nothing to resolve.
    """
    if not _MAY_NEED.search(source):
        return None
    text, cuts = unprompted(source)
    out: list[str] = []
    last = special = 0
    for line in logical_lines(text, cuts):
        special += line.kind is not Kind.PYTHON
        if special == _MOST_LINES:
            return None
        cut = straightened(text, line.start, cuts)
        begin = line.start + len(cut)
        out += [text[last : line.start], cut, _as_python(text, begin, line)]
        last = line.end
    result = "".join((*out, text[last:]))
    return None if result == source else result


def _as_python(text: str, begin: int, line: Line) -> str:
    """A logical line, from where its code may begin, with IPython's syntax in it resolved."""
    if line.kind is Kind.PYTHON:
        return text[begin : line.end]
    before = text[begin : line.mark]
    at = statement(text, line.mark, line.end)
    if at is not None and "\n" not in before and is_code(text[at : line.end], line.kind is Kind.ASSIGNED):
        if line.kind is Kind.ASSIGNED:
            return before + " " * (at - line.mark) + text[at : line.end]
        return " " * (at - line.mark - 1) + FORM_FEED + before + text[at : line.end]
    magic = text[line.mark : line.end]
    if line.kind is Kind.ESCAPE and magic[0] in ",;/":
        return before + _called(magic)
    return before + _padded("0", magic)


def _called(magic: str) -> str:
    """An auto-call, ``/f x``, ``,f x`` or ``;f x``; unchanged where IPython would make no Python of it."""
    *continued, ending = magic[1:].split("\n")
    name, _, rest = " ".join([*(each.rstrip()[:-1] for each in continued), ending.rstrip()]).partition(" ")
    words = rest.split()
    if magic[0] == "/" and name.startswith(("%", "!", "?")):
        # IPython goes on with what stands behind the stroke.
        return _padded("0", magic)
    if magic[0] == "/":
        call = f"{name}({','.join(words)})"
    else:
        call = f'{name}("{rest}")' if magic[0] == ";" else '{}("{}")'.format(name, '", "'.join(words))
    if parse(call) is None or (magic[0] == "/" and not name):
        return magic
    # The call that "/f x" is has as many characters; one with quotes has more, and its arguments are only words.
    return _padded(call if len(call) <= len(magic) and not continued else "0", magic)


def _padded(code: str, place: str) -> str:
    """Code where something else stood, its lines kept."""
    return code + re.sub(r"[^\r\n]", " ", place[len(code) :])


def _parts_of(python: str | None) -> Iterator[Stretch | Reference]:
    if python is None or not ("%" in python or "!" in python) or not _MAY_BE_MAGIC.search(python):
        return
    text, cuts = unprompted(python)
    for line in logical_lines(text, cuts):
        if line.kind in (Kind.ESCAPE, Kind.ASSIGNED):
            yield from parts(text, line.mark, line.end)
