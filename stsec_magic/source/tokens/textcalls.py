"""Calls and imports in a text of which only the tokens are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stsec_magic.source.textimports import TextImport
from stsec_magic.source.tokens.atoms import Atom, chain

_LONGEST = 2000
_JOINTS = frozenset((".", "::", ":::", "$", "->", "@"))
_IMPORTS = frozenset("import import_module pyimport pyimport_e __import__ require".split())
_ASSIGNS = frozenset(("=", "<-", "<<-", ":="))
_CLOSING = frozenset((")", "]", "}"))


@dataclass(frozen=True, slots=True)
class TextCall:
    """A call as it is written.

    Attributes:
        name: The callee's dotted name; ``::`` and ``$`` are dots, too, and a module that is
            imported on the spot stands for its import.
        start: Offset of the name.
        open: Offset just after the opening parenthesis.
        end: Offset of the closing one; of the line's end where there is none nearby.
        is_imported: Whether the name begins with a module that is imported on the spot.
    """

    name: str
    start: int
    open: int
    end: int
    is_imported: bool = False


def calls(text: str, atoms: Sequence[Atom], language: str) -> Iterator[TextCall]:
    """Find calls outside of literals and comments.

    Args:
        text: The text.
        atoms: Its atoms.
        language: Alias of its language.

    Yields:
        Each call of something that has a name, in order.
    """
    closed = _closed(atoms)
    for i, atom in enumerate(atoms):
        if atom.text != "(":
            continue
        last = i - 1
        if last >= 1 and atoms[last].text == ".":
            last -= 1  # Julia's f.(x)
        if last < 0 or not atoms[last].is_word or atoms[i].fresh:
            continue
        first, name = chain(atoms, last, language)
        start = atoms[first].start
        imported = False
        if first >= 2 and atoms[first - 1].text in _JOINTS and atoms[first - 2].text == ")":
            module = _imported(text, atoms, first - 2)
            if module is not None:
                name, start, imported = f"{module[0]}.{name}", module[1], True
        yield TextCall(name, start, atom.end, _end(text, atom.end, closed.get(i)), imported)


def imports(text: str, atoms: Sequence[Atom], language: str) -> Iterator[TextImport]:
    """Find Python modules that R or Julia imports: ``np <- import("numpy")``, ``@pyimport numpy as np``.

    Args:
        text: The text.
        atoms: Its atoms.
        language: Alias of its language.

    Yields:
        Each name that is given to a module, in order.
    """
    for i, atom in enumerate(atoms):
        if atom.text == "pyimport" and i and atoms[i - 1].text == "@" and i + 1 < len(atoms):
            yield from _pyimport(atoms, i, language)
        if atom.text not in _IMPORTS or i + 3 > len(atoms) or atoms[i + 1].text != "(":
            continue
        first = chain(atoms, i, language)[0]
        literal = atoms[i + 2].literal
        if literal is None or first < 2 or atoms[first - 1].text not in _ASSIGNS or not atoms[first - 2].is_word:
            continue
        module = text[literal.content_start : literal.content_end]
        yield TextImport(atoms[first - 2].text, module, atoms[first - 2].start)


def _pyimport(atoms: Sequence[Atom], i: int, language: str) -> Iterator[TextImport]:
    last = i + 1
    while last + 2 < len(atoms) and atoms[last + 1].text == "." and last < i + 16:
        last += 2
    first, module = chain(atoms, last, language)
    if first != i + 1 or not atoms[last].is_word:
        return
    named = last + 2 < len(atoms) and atoms[last + 1].text == "as" and atoms[last + 2].is_word
    alias = atoms[last + 2] if named else atoms[last]
    yield TextImport(alias.text, module, alias.start)


def _imported(text: str, atoms: Sequence[Atom], close: int) -> tuple[str, int] | None:
    """The module of ``pyimport("pickle").load``, by the parenthesis that closes it."""
    at = close - 1
    while at > max(2, close - 6) and atoms[at].literal is None:
        at -= 1
    literal = atoms[at].literal if at >= 2 else None
    if literal is None or atoms[at - 1].text != "(" or atoms[at - 2].text not in _IMPORTS:
        return None
    return text[literal.content_start : literal.content_end], atoms[at - 2].start


def _closed(atoms: Sequence[Atom]) -> dict[int, int]:
    """For each opening bracket that is closed the offset of what closes it."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for i, atom in enumerate(atoms):
        if atom.text in ("(", "[", "{"):
            stack.append(i)
        elif atom.text in _CLOSING and stack:
            found[stack.pop()] = atom.start
    return found


def _end(text: str, start: int, closed: int | None) -> int:
    if closed is not None:
        return min(closed, start + _LONGEST)
    line_end = text.find("\n", start, start + _LONGEST)
    return min(len(text), start + _LONGEST) if line_end < 0 else line_end
