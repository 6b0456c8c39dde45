"""What a loop's variable holds of what is gone through: the name or the value, of all or of some."""

from __future__ import annotations

import ast

from stsec_magic.rules.displayed.values import NAMES_ALONE
from stsec_magic.rules.secret_names import kind_of
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Binding, Use

_MOST = 64
"""Conditions in one loop that are looked at."""

_Loop = ast.For | ast.AsyncFor | ast.comprehension


class Loops:
    """Looks up loops by what they go through; each cell is walked when one in it is asked for."""

    def __init__(self) -> None:
        """Begin with none."""
        self._cells: dict[int, dict[int, _Loop]] = {}
        self._ifs: dict[int, list[ast.If]] = {}

    def is_value(self, binding: Binding, name: str) -> bool:
        """Whether a variable holds a value, where a loop goes through ``items()`` or ``values()``.

        Args:
            binding: The variable's binding.
            name: Its name.
        """
        found = self._of_cell(binding.cell).get(id(binding.value))
        if found is None:
            return False
        match found.target:
            case ast.Tuple(elts=[_, ast.Tuple(elts=[_, ast.Name(id=value)])]):
                return value == name  # for number, (name, value) in enumerate(...)
            case ast.Tuple(elts=[_, ast.Name(id=value)]):
                return value == name
            case ast.Name():
                return True
        return False

    def is_given(self, use: Use) -> bool:
        """Whether an expression is what a loop goes through.

        Args:
            use: The expression.
        """
        return id(use.node) in self._of_cell(use.cell)

    def is_narrowed(self, binding: Binding, use: Use) -> bool:
        """Whether a condition lets only some entries through, none of which need be secret.

        Args:
            binding: The binding of the loop's variable.
            use: Where the variable is used.
        """
        loop = self._of_cell(binding.cell).get(id(binding.value))
        if loop is None:
            return False
        if isinstance(loop, ast.comprehension):
            return not all(map(_asks_for_secrets, loop.ifs))
        line = getattr(use.node, "lineno", 0)
        return any(_narrows(each, line) for each in self._conditions(loop))

    def _conditions(self, loop: ast.For | ast.AsyncFor) -> list[ast.If]:
        if id(loop) not in self._ifs:
            self._ifs[id(loop)] = [node for node in ast.walk(loop) if isinstance(node, ast.If)][:_MOST]
        return self._ifs[id(loop)]

    def _of_cell(self, cell: CodeCell) -> dict[int, _Loop]:
        """A cell's loops by what they go through."""
        if id(cell) not in self._cells:
            found = self._cells[id(cell)] = {}
            for node in cell.nodes_on(None):
                if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
                    found[id(node.iter)] = node
        return self._cells[id(cell)]


def _narrows(condition: ast.If, line: int) -> bool:
    """Whether a condition in a loop keeps secrets away from a line in it."""
    first, last = condition.body[0], condition.body[-1]
    if first.lineno <= line <= (last.end_lineno or 0):
        return not _asks_for_secrets(condition.test)
    if condition.lineno <= line <= (condition.end_lineno or 0):
        return True
    # if "KEY" in name: continue
    return condition.lineno < line and isinstance(last, ast.Continue) and _asks_for_secrets(condition.test)


def gone_through(node: ast.expr) -> ast.expr:
    """The mapping whose names a loop goes through: ``os.environ`` in ``sorted(os.environ.keys())``.

    Args:
        node: What the loop is given.
    """
    while isinstance(node, ast.Call):
        match node:
            case ast.Call(func=ast.Attribute(attr="keys", value=inner)):
                node = inner
            case ast.Call(func=ast.Name(id=name), args=[inner, *_]) if name in NAMES_ALONE:
                node = inner
            case _:
                break
    return node


def _asks_for_secrets(test: ast.expr) -> bool:
    """Whether a condition asks for the very names that secrets have: ``if "KEY" in name``."""
    nodes = [*ast.walk(test)]
    if any(isinstance(each, ast.Not | ast.NotIn | ast.NotEq) for each in nodes):
        return False
    texts = (each.value for each in nodes if isinstance(each, ast.Constant))
    return any(isinstance(text, str) and kind_of(text) is not None for text in texts)
