"""Where the text in an argument comes from: followed from the place where it is used to where it is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from stsec_magic.source.literals import literal_value
from stsec_magic.source.namedvalue import NamedValue
from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell
from stsec_magic.source.reach import entry_of
from stsec_magic.source.scopes import Order, Scope

_MAX_STEPS = 6
_UNCHANGED = frozenset(("encode", "decode", "strip"))
_FALLBACK = frozenset(("getenv", "get", "pop", "setdefault"))


@dataclass(frozen=True, slots=True)
class Written:
    """A text where it is written.

    Attributes:
        cell: The cell.
        value: The text there, under the name that it has where it is used.
    """

    cell: CodeCell
    value: NamedValue


class Flow:
    """Follows values through the names of a program."""

    def __init__(self, names: Names) -> None:
        """Take a program's names."""
        self._names = names

    def written(self, name: str, node: ast.expr, cell: CodeCell, scope: Scope, order: Order) -> Iterator[Written]:
        """Find where the text that an expression gives is written.

        Args:
            name: What the value is called where it is used.
            node: The expression.
            cell: The cell it stands in.
            scope: Its scope.
            order: Where in the program.

        Yields:
            The literal; nothing where the value comes from elsewhere.
        """
        for _ in range(_MAX_STEPS):
            value = literal_value(cell, name, node)
            if value is not None:
                yield Written(cell, value)
                return
            step = self._step(node, cell, scope, order)
            if step is None:
                return
            node, cell, order = step

    def _step(
        self, node: ast.expr, cell: CodeCell, scope: Scope, order: Order
    ) -> tuple[ast.expr, CodeCell, Order] | None:
        match node:
            case ast.Name(id=name):
                binding = self._names.binding(name, scope, order)
                if binding is not None and binding.value is not None and not binding.opened:
                    return binding.value, binding.cell, binding.order
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))):
                binding = self._names.binding(name, scope, order)
                value = None if binding is None else binding.value
                found = None if value is None else entry_of(value, key)
                if binding is not None and found is not None:
                    return found, binding.cell, binding.order
            case ast.Call(func=ast.Attribute(attr=method, value=receiver), args=[]) if method in _UNCHANGED:
                return receiver, cell, order
            case ast.Call(func=ast.Attribute(attr=method), args=[_, fallback]) if method in _FALLBACK:
                return fallback, cell, order
        return None

    def constructor(self, node: ast.expr, scope: Scope, order: Order) -> str | None:
        """The dotted name of what made an object: ``smtplib.SMTP`` for the ``server`` that it gave.

        Args:
            node: The object.
            scope: Where it is used.
            order: The place.
        """
        for _ in range(_MAX_STEPS):
            if isinstance(node, ast.Call):
                return self._names.qualified(node.func, scope, order)
            if not isinstance(node, ast.Name):
                return None
            known = self._names.made_by(node.id, scope, order)
            if known is not None:
                return known
            binding = self._names.binding(node.id, scope, order)
            if binding is None or binding.value is None:
                return None
            node, order = binding.value, binding.order
        return None
