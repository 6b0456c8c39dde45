"""What a loop's variable holds of what is gone through: the name or the value, of all or of some."""

from __future__ import annotations

import ast
from bisect import bisect_right

from stsec_magic.rules.displayed.conditions import Conditions
from stsec_magic.rules.displayed.values import NAMES_ALONE
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Binding, Use

_MOST = 64
"""Conditions in one loop, and loops before a line, that are looked at."""

_Loop = ast.For | ast.AsyncFor | ast.comprehension


class Loops:
    """Looks up loops by what they go through; each cell is walked when one in it is asked for."""

    def __init__(self, conditions: Conditions) -> None:
        """Begin with none.

        Args:
            conditions: Tells what conditions ask for.
        """
        self._conditions = conditions
        self._cells: dict[int, dict[int, _Loop]] = {}
        self._taken_apart: dict[int, dict[int, ast.Tuple | ast.List]] = {}
        self._statements: dict[int, list[ast.For | ast.AsyncFor]] = {}
        self._ifs: dict[int, list[ast.If]] = {}

    def target(self, binding: Binding) -> ast.expr | None:
        """The variables of the loop that a binding belongs to; None where it belongs to none.

        Args:
            binding: A variable's binding.
        """
        found = self._of_cell(binding.cell).get(id(binding.value))
        return None if found is None else found.target

    def is_value(self, binding: Binding, name: str) -> bool:
        """Whether a variable holds a value, where a loop goes through ``items()`` or ``values()``.

        Args:
            binding: The variable's binding.
            name: Its name.
        """
        match self.target(binding):
            case ast.Tuple(elts=[_, ast.Tuple(elts=[_, ast.Name(id=value)])]):
                return value == name  # for number, (name, value) in enumerate(...)
            case ast.Tuple(elts=[_, ast.Name(id=value)]):
                return value == name
            case ast.Name():
                return True
        return False

    def place(self, binding: Binding, name: str) -> int | None:
        """The place of a name among those that a tuple is taken apart to: 1 for ``key`` in ``user, key = load()``.

        Args:
            binding: The name's binding.
            name: The name.
        """
        self._of_cell(binding.cell)
        return place_in(self._taken_apart[id(binding.cell)].get(id(binding.value)), name)

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
        filters, conditions, line = self._around(binding, use)
        return any(not self._conditions.asks_for_secrets(each, use) for each in filters) or any(
            self._narrows(each, line, use) for each in conditions
        )

    def is_left_out(self, binding: Binding, use: Use) -> bool:
        """Whether a condition keeps those entries away whose names are secrets', where a loop goes through a few.

        Args:
            binding: The binding of the loop's variable.
            use: Where the variable is used.
        """
        filters, conditions, line = self._around(binding, use)
        return any(self._conditions.hides_secrets(each, use, holds=True) for each in filters) or any(
            self._hides(each, line, use) for each in conditions
        )

    def _around(self, binding: Binding, use: Use) -> tuple[list[ast.expr], list[ast.If], int]:
        """What a comprehension filters by, or the conditions in a loop; and the line that is asked about."""
        line = getattr(use.node, "lineno", 0)
        match self._of_cell(binding.cell).get(id(binding.value)):
            case ast.comprehension(ifs=filters):
                return filters, [], line
            case ast.For() | ast.AsyncFor() as loop:
                return [], self._ifs_in(loop), line
        return [], [], line

    def is_masked(self, use: Use, name: str) -> bool:
        """Whether a loop gives a variable something else wherever its name says that it holds a secret.

        Args:
            use: Where the variable is used.
            name: Its name.
        """
        line = getattr(use.node, "lineno", 0)
        self._of_cell(use.cell)
        begun = self._statements[id(use.cell)]
        last = bisect_right(begun, line, key=lambda loop: loop.lineno)
        around = (loop for loop in begun[max(0, last - _MOST) : last] if line <= (loop.end_lineno or 0))
        return any(
            each.lineno < line and _binds(each, name) and self._conditions.asks_for_secrets(each.test, use)
            for loop in around
            for each in self._ifs_in(loop)
        )

    def _narrows(self, condition: ast.If, line: int, use: Use) -> bool:
        """Whether a condition in a loop keeps secrets away from a line in it."""
        first, last = condition.body[0], condition.body[-1]
        if first.lineno <= line <= (last.end_lineno or 0):
            return not self._conditions.asks_for_secrets(condition.test, use)
        if condition.lineno <= line <= (condition.end_lineno or 0):
            return True
        # if "KEY" in name: continue
        is_left_out = condition.lineno < line and isinstance(last, ast.Continue)
        return is_left_out and self._conditions.leaves_secrets_out(condition.test, use)

    def _hides(self, condition: ast.If, line: int, use: Use) -> bool:
        first, last = condition.body[0], condition.body[-1]
        if first.lineno <= line <= (last.end_lineno or 0):
            return self._conditions.hides_secrets(condition.test, use, holds=True)
        if line > (condition.end_lineno or 0) and not isinstance(last, ast.Continue):
            return False
        return condition.lineno < line and self._conditions.hides_secrets(condition.test, use, holds=False)

    def _ifs_in(self, loop: ast.For | ast.AsyncFor) -> list[ast.If]:
        if id(loop) not in self._ifs:
            self._ifs[id(loop)] = [node for node in ast.walk(loop) if isinstance(node, ast.If)][:_MOST]
        return self._ifs[id(loop)]

    def _of_cell(self, cell: CodeCell) -> dict[int, _Loop]:
        """A cell's loops by what they go through."""
        if id(cell) not in self._cells:
            found = self._cells[id(cell)] = {}
            taken_apart = self._taken_apart[id(cell)] = {}
            statements = self._statements[id(cell)] = []
            for node in cell.nodes_on(None):
                if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
                    found[id(node.iter)] = node
                    if not isinstance(node, ast.comprehension):
                        statements.append(node)
                elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple | ast.List):
                    taken_apart[id(node.value)] = node.targets[0]
        return self._cells[id(cell)]


def place_in(target: ast.expr | None, name: str) -> int | None:
    """The place of a name in a tuple of names; None where it stands behind a star, or not at all.

    Args:
        target: The tuple.
        name: The name.
    """
    if isinstance(target, ast.Tuple | ast.List):
        for i, each in enumerate(target.elts):
            if isinstance(each, ast.Starred):
                return None
            if isinstance(each, ast.Name) and each.id == name:
                return i
    return None


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


def _binds(condition: ast.If, name: str) -> bool:
    return any(
        isinstance(target, ast.Name) and target.id == name
        for each in condition.body
        if isinstance(each, ast.Assign)
        for target in each.targets
    )
