"""Whether the names of modules mean them where mended code asks for them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from stsec_magic.fix.cell_head import is_apart, is_local
from stsec_magic.fix.edit import Need
from stsec_magic.fix.rebound import FUNCTIONS, SCOPES, bindings
from stsec_magic.model.fragment import Fragment
from stsec_magic.rules.base import Subject
from stsec_magic.source.program import CodeCell, children
from stsec_magic.source.scopes import Binding

_MODULES = {Need.OS: ("os", "os"), Need.STREAMLIT: ("st", "streamlit")}
_DEL = r"\bdel\b[^\n]{0,200}(?<![\w.\"'])%s\b(?![.\[])"
_FORGETTING = (
    r"^[ \t]{0,40}%%(?:xdel[ \t]{1,20}%s\b|[^\n#]{0,80}" + _DEL + r")"
    r"|\.pop\([ \t]{0,20}[\"']%s[\"']"
)
_RESET = re.compile(r"^[ \t]{0,40}%reset|run_line_magic\([ \t]{0,20}[\"']reset[\"']", re.MULTILINE)
_GIVEN = r"^[ \t]{0,40}%%%%[^\n]{1,200}(?<![\w./\-])%s(?![\w./\-])"
"""A cell magic that puts something under a name: ``%%capture os``, ``%%bash --out os``."""

Place = tuple[int, int]
"""A cell's number in the program, and a line in it, from 1."""


@dataclass(frozen=True, slots=True)
class _Loss:
    """A place at which a name is taken away.

    Attributes:
        place: Where.
        keeps_functions: Whether functions that need it are still there.
    """

    place: Place
    keeps_functions: bool


class Modules:
    """Follows the names ``os`` and ``st`` through one program."""

    def __init__(self, subject: Subject, numbers: Mapping[Fragment, int]) -> None:
        """Take a notebook.

        Args:
            subject: The notebook.
            numbers: The place in the program of each code cell.
        """
        self._subject = subject
        self._numbers = numbers
        self._rebound: dict[int, tuple[int, ...]] = {}
        self._losses: dict[Need, list[_Loss]] = {}
        self._usable: dict[Need, bool] = {}
        self._imported: dict[Need, list[Place]] = {}

    def is_meant(self, need: Need, cell: CodeCell, above: Iterable[ast.AST], line: int) -> bool:
        """Whether a module's name means it at a place, once it is imported at the head of the cell.

        Args:
            need: The module.
            cell: The cell.
            above: The nodes that the place stands in.
            line: Its line in the tree.
        """
        if not self.is_usable(need, cell) or self._is_rebound(need, above, line):
            return False
        number = self._numbers[cell.fragment]
        lost = [row.place[1] for row in self._lost(need) if row.place[0] == number and row.place[1] <= line]
        return not lost or any((number, max(lost)) < place < (number, line) for place in self._imports(need))

    def is_usable(self, need: Need, cell: CodeCell) -> bool:
        """Whether a module's name means nothing else anywhere in the program.

        Args:
            need: The module.
            cell: A cell that is to use it.
        """
        if is_apart(cell):
            return True
        if need not in self._usable:
            name, module = _MODULES[need]
            names = self._subject.names
            given = re.compile(_GIVEN % name, re.MULTILINE)
            texts = (each.fragment.text for each in self._subject.program.cells)
            self._usable[need] = all(row.imported == module for row in names.rows(names.module, name)) and not any(
                given.search(text) for text in texts if "%%" in text
            )
        return self._usable[need]

    def is_imported(self, need: Need, cell: CodeCell, before: int) -> bool:
        """Whether a module is imported, in any case, before a line of a cell.

        Args:
            need: The module.
            cell: The cell.
            before: The line, from 1.
        """
        module = _MODULES[need][1]
        if is_apart(cell):
            return re.search(rf"^import {module}\b", cell.fragment.text, re.MULTILINE) is not None
        here = self._numbers[cell.fragment], before
        places = [place for place in self._imports(need) if place < here]
        return bool(places) and not self.forgets(need, max(places), here)

    def forgets(self, need: Need, first: Place, last: Place) -> bool:
        """Whether a module's name is taken away between two places.

        Args:
            need: The module.
            first: The one place.
            last: The other.
        """
        return any(first <= row.place <= last for row in self._lost(need))

    def _imports(self, need: Need) -> list[Place]:
        """Where a module is imported whatever else happens: in no block, in no function."""
        if need not in self._imported:
            name, module = _MODULES[need]
            names = self._subject.names
            rows = (row for row in names.rows(names.module, name) if row.imported == module)
            self._imported[need] = [row.order[:2] for row in rows if _is_at_top(row)]
        return self._imported[need]

    def _is_rebound(self, need: Need, above: Iterable[ast.AST], line: int) -> bool:
        """Whether the name means something else in a function, a class or a comprehension."""
        name, module = _MODULES[need]
        for node in above:
            if isinstance(node, (*FUNCTIONS, ast.Lambda)) and any(row.keeps_functions for row in self._lost(need)):
                return True  # nobody knows when it is called
            if isinstance(node, SCOPES):
                if id(node) not in self._rebound:
                    self._rebound[id(node)] = tuple(bindings(node, name, module))
                if any(line <= at for at in self._rebound[id(node)]):
                    return True
        return False

    def _lost(self, need: Need) -> list[_Loss]:
        if need not in self._losses:
            name = _MODULES[need][0]
            cells = enumerate(self._subject.program.cells)
            self._losses[need] = [row for number, cell in cells for row in _losses(name, cell, number)]
        return self._losses[need]


def _is_at_top(row: Binding) -> bool:
    """Whether a binding is a statement of its cell's own, and the cell runs in the kernel's own namespace."""
    body = [] if row.cell.tree is None or is_apart(row.cell) or is_local(row.cell) else row.cell.tree.body
    return any((each.lineno, each.col_offset) == row.order[1:] for each in body)


def _losses(name: str, cell: CodeCell, number: int) -> Iterator[_Loss]:
    text = cell.fragment.text
    for match in _RESET.finditer(text):
        yield _Loss((number, cell.line_of(match.start())), keeps_functions=False)
    if name not in text:
        return
    is_read = cell.tree is not None
    pattern = _FORGETTING % ((name,) * _FORGETTING.count("%s"))
    for match in re.compile(pattern if is_read else f"{pattern}|{_DEL % name}", re.MULTILINE).finditer(text):
        yield _Loss((number, cell.line_of(match.start())), keeps_functions=True)
    if is_read and "del" in text:
        yield from (_Loss((number, line), keeps_functions=True) for line in _deleted(cell, name))


def _deleted(cell: CodeCell, name: str) -> Iterator[int]:
    """The lines from which on a name of the module is gone."""
    stack: list[tuple[ast.AST, int | None]] = [(node, None) for node in ([] if cell.tree is None else cell.tree.body)]
    while stack:
        node, called_from = stack.pop()
        if isinstance(node, FUNCTIONS):
            given = [each for each in ast.walk(node) if isinstance(each, ast.Global) and name in each.names]
            # Without that it is a name of the function's own.
            stack += [(child, node.lineno) for child in node.body] if given else []
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del) and node.id == name:
            yield called_from or node.lineno
        elif not isinstance(node, (ast.ClassDef, ast.Lambda)):
            stack += [(child, called_from) for child in children(node)]
