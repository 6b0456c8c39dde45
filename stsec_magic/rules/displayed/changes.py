"""What is done to a dict between the place where it is made and the one where it is shown: ``cfg["key"] = "***"``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from stsec_magic.rules.functions import Functions
from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Order, Use

_MOST = 64
"""Cells, and changes of one name in each, that are looked at."""


@dataclass(frozen=True, slots=True)
class Change:
    """A key that is set or taken out.

    Attributes:
        key: The key.
        holder: The name of the dict, where it stands.
        value: What is set; None where the key is taken out.
        order: Where in the program.
    """

    key: str
    holder: ast.Name
    value: ast.expr | None
    order: Order


class Changes:
    """Looks up what is done to the dicts of a program; each cell is walked when one in it is asked for."""

    def __init__(self, names: Names, functions: Functions) -> None:
        """Take a program.

        Args:
            names: Its names.
            functions: Tells in which scope an expression stands.
        """
        self._names = names
        self._functions = functions
        self._cells: dict[int, dict[str, list[Change]]] = {}

    def of(self, name: str, use: Use) -> dict[str, Use | None]:
        """What was last done to the keys of a dict that a name was given.

        Args:
            name: The name.
            use: Where it is used.

        Returns:
            For each key what it was set to; None where it was taken out.
        """
        _, scope = self._names.reaching(name, use.scope, use.order)
        binding = self._names.binding(name, use.scope, use.order)
        if scope is None or binding is None:
            return {}
        found: dict[str, Use | None] = {}
        numbers, _ = self._names.cells_naming([name])
        between = [number for number in numbers if binding.order[0] <= number <= use.order[0]][-_MOST:]
        rows = (each for number in between for each in self._of_cell(number).get(name, ())[:_MOST])
        for change in (each for each in rows if binding.order < each.order < use.order):
            at = self._functions.use_of(change.holder, change.order[0])
            if at is not None and self._names.reaching(name, at.scope, at.order)[1] is scope:
                value = change.value
                found[change.key] = None if value is None else Use(value, at.scope, at.cell, change.order)
        return found

    def _of_cell(self, number: int) -> dict[str, list[Change]]:
        """What a cell does, by the names of the dicts."""
        if number not in self._cells:
            found = self._cells[number] = {}
            for each in _changes(self._names.program.cells[number], number):
                found.setdefault(each.holder.id, []).append(each)
        return self._cells[number]


def _changes(cell: CodeCell, number: int) -> Iterator[Change]:
    for node in cell.nodes_on(None):
        rows: list[tuple[ast.expr, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            rows = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.Delete):
            rows = [(target, None) for target in node.targets]
        elif isinstance(node, ast.Call):
            yield from _by_method(node, number)
        for target, value in rows:
            match target:
                case ast.Subscript(value=ast.Name() as holder, slice=ast.Constant(value=str(key))):
                    yield Change(key, holder, value, (number, target.lineno, target.col_offset))


def _by_method(call: ast.Call, number: int) -> Iterator[Change]:
    """``cfg.pop("key")``, ``cfg.update(key="***")``."""
    order = number, call.lineno, call.col_offset
    match call:
        case ast.Call(
            func=ast.Attribute(attr="pop", value=ast.Name() as holder), args=[ast.Constant(value=str(key)), *_]
        ):
            yield Change(key, holder, None, order)
        case ast.Call(func=ast.Attribute(attr="update", value=ast.Name() as holder), args=given, keywords=keywords):
            for each in given:
                if isinstance(each, ast.Dict):
                    for name, value in zip(each.keys, each.values, strict=True):
                        if isinstance(name, ast.Constant) and isinstance(name.value, str):
                            yield Change(name.value, holder, value, order)
            for keyword in keywords:
                if keyword.arg is not None:
                    yield Change(keyword.arg, holder, keyword.value, order)
