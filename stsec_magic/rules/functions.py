"""The functions of a notebook: what stands in them, what they return, and which others they call."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell, children
from stsec_magic.source.scopes import Use

_MAX_STEPS = 24
_MAX_HOPS = 4
_MAX_FUNCTIONS = 32
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_ORDER = attrgetter("order")

Def = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True, eq=False)
class Function:
    """A function where it is defined.

    Attributes:
        node: Its definition.
        cell: The cell.
        number: The cell's number in the program.
        is_generator: Whether calling it gives a generator.
        returned: What it returns, as it stands there.
        named: The names that its body reads.
        called: The calls in its body.
    """

    node: Def | ast.Lambda
    cell: CodeCell
    number: int
    is_generator: bool
    returned: list[ast.expr]
    named: list[Use]
    called: list[Use]


class Functions:
    """Looks up functions and values of a program; each cell is indexed when something in it is asked for."""

    def __init__(self, names: Names) -> None:
        """Take the program's names."""
        self._names = names
        self._cells: dict[int, _Cell] = {}
        self._made: dict[ast.AST, Function] = {}
        self._behind_names: dict[Function, list[Function]] = {}

    def defined(self, number: int) -> Iterator[Function]:
        """The functions that the cell of a number defines by ``def``, in any scope."""
        for node in self._cell(number).definitions.values():
            yield self._function(node, number)

    def use_of(self, node: ast.expr, number: int) -> Use | None:
        """A name, an attribute or a call where it is used; None for any other expression.

        Args:
            node: The expression.
            number: Its cell's number.
        """
        return self._cell(number).uses.get(id(node))

    def at(self, node: ast.expr, use: Use) -> Use:
        """An expression that stands in the cell of a use; in its scope, where it has none of its own."""
        known = self.use_of(node, use.order[0])
        if known is not None:
            return known
        inner = node
        while isinstance(inner, ast.Subscript):
            inner = inner.value
        scope = self.use_of(inner, use.order[0])
        return Use(node, use.scope if scope is None else scope.scope, use.cell, use.order)

    def meant(self, use: Use) -> Function | None:
        """The function that an expression is: a lambda, or a name of one, directly or by other names."""
        for _ in range(_MAX_HOPS):
            if isinstance(use.node, ast.Lambda):
                return self._function(use.node, use.order[0])
            if not isinstance(use.node, ast.Name):
                return None
            binding = self._names.binding(use.node.id, use.scope, use.order)
            if binding is None or binding.imported is not None or binding.opened or binding.parameter:
                return None
            if binding.value is None:
                node = self._cell(binding.order[0]).definitions.get(binding.order[1:])
                if node is None or node.name != use.node.id:
                    return None
                return self._function(node, binding.order[0])
            use = self.at(binding.value, Use(binding.value, use.scope, binding.cell, binding.order))
        return None

    def reached(self, function: Function, stops: Callable[[Function], bool]) -> Iterator[Function]:
        """The functions that one names in its body, and those that these name, a few hops away.

        Args:
            function: Where to begin.
            stops: Which functions, and whatever lies behind them, to leave out.
        """
        seen = {function.node}
        edge = [function]
        for _ in range(_MAX_HOPS):
            following: list[Function] = []
            for meant in (meant for each in edge for meant in self._named_in(each)):
                if meant.node not in seen and len(seen) < _MAX_FUNCTIONS:
                    seen.add(meant.node)
                    if not stops(meant):
                        following.append(meant)
                        yield meant
            edge = following

    def _named_in(self, function: Function) -> list[Function]:
        if function not in self._behind_names:
            found = [meant for meant in map(self.meant, function.named) if meant is not None]
            self._behind_names[function] = list(dict.fromkeys(found))
        return self._behind_names[function]

    def returned(self, function: Function) -> Iterator[Use]:
        """What a function returns, followed to what it may be."""
        for use in self._given_back(function):
            yield from self.values(use)

    def values(self, use: Use, stops: Callable[[Function], bool] | None = None) -> Iterator[Use]:
        """What an expression's value may be: names, branches and calls of the notebook's functions followed.

        Args:
            use: The expression.
            stops: Which functions not to follow.

        Yields:
            Each expression that is followed no farther.
        """
        stack = [use]
        seen: set[int] = set()
        while stack and len(seen) < _MAX_STEPS:
            at = stack.pop()
            if id(at.node) not in seen:
                seen.add(id(at.node))
                behind = self._behind(at, stops)
                if behind is None:
                    yield at
                else:
                    stack += reversed(behind)

    def _behind(self, use: Use, stops: Callable[[Function], bool] | None) -> list[Use] | None:
        match use.node:
            case ast.Name(id=name):
                binding = self._names.binding(name, use.scope, use.order)
                if binding is None or binding.value is None or binding.opened or binding.parameter:
                    return None
                return [self.at(binding.value, Use(binding.value, use.scope, binding.cell, binding.order))]
            case ast.IfExp(body=body, orelse=orelse):
                return [self.at(body, use), self.at(orelse, use)]
            case ast.BoolOp(values=values):
                return [self.at(each, use) for each in values]
            case ast.NamedExpr(value=value) | ast.Await(value=value) | ast.Starred(value=value):
                return [self.at(value, use)]
            case ast.Call(func=ast.Name() as func):
                function = self.meant(Use(func, use.scope, use.cell, use.order))
                if function is None or function.is_generator or (stops is not None and stops(function)):
                    return None
                return self._given_back(function)
        return None

    def _given_back(self, function: Function) -> list[Use]:
        """What a function returns, as it stands there."""
        module, found = self._names.module, []
        for node in function.returned:
            order = (function.number, node.lineno, node.col_offset)
            found.append(self.at(node, Use(node, module, function.cell, order)))
        return found

    def _function(self, node: Def | ast.Lambda, number: int) -> Function:
        made = self._made.get(node)
        if made is None:
            cell = self._cell(number)
            body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body]
            yields, returned = _own(body)
            if isinstance(node, ast.Lambda):
                returned = [node.body]
            first, last = body[0], body[-1]
            named, called = cell.within(first, last)
            made = self._made[node] = Function(node, cell.cell, number, yields, returned, named, called)
        return made

    def _cell(self, number: int) -> _Cell:
        if number not in self._cells:
            self._cells[number] = _Cell(self._names, number)
        return self._cells[number]


class _Cell:
    """One cell's uses and definitions, in order."""

    def __init__(self, names: Names, number: int) -> None:
        self.cell = names.program.cells[number]
        self._calls = sorted(names.calls(number), key=_ORDER)
        self._names = sorted(
            (use for use in names.references(number) if isinstance(use.node, ast.Name)),
            key=_ORDER,
        )
        self.uses = {id(use.node): use for use in (*names.calls(number), *names.references(number))}
        self._number = number

    @cached_property
    def definitions(self) -> dict[tuple[int, int], Def]:
        """The functions by line and column of their ``def``."""
        return {
            (node.lineno, node.col_offset): node
            for node in self.cell.nodes_on(None)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }

    def within(self, first: ast.AST, last: ast.AST) -> tuple[list[Use], list[Use]]:
        """The names and the calls from one node's beginning to another's end."""
        start = (self._number, getattr(first, "lineno", 0), getattr(first, "col_offset", 0))
        # A decorated function's own line is that of its "def"; its decorators run where it is defined.
        for decorator in getattr(first, "decorator_list", ()):
            start = min(start, (self._number, decorator.lineno, decorator.col_offset))
        end = (self._number, getattr(last, "end_lineno", 0), getattr(last, "end_col_offset", 0))
        rows = (self._names, self._calls)
        found = [row[bisect_left(row, start, key=_ORDER) : bisect_left(row, end, key=_ORDER)] for row in rows]
        return found[0], found[1]


def _own(body: list[ast.AST]) -> tuple[bool, list[ast.expr]]:
    """Whether a function's own code yields, and what it returns; functions in it speak for themselves."""
    yields = False
    returned: list[ast.expr] = []
    stack = list(reversed(body))
    while stack:
        node = stack.pop()
        if isinstance(node, _INNER):
            continue
        if isinstance(node, ast.Yield | ast.YieldFrom):
            yields = True
        elif isinstance(node, ast.Return) and node.value is not None:
            returned.append(node.value)
        stack.extend(reversed(children(node)))
    return yields, returned
