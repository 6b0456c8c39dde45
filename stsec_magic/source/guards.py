"""Whether the bytes of a load were checked before: their SHA-256 against a literal, their HMAC against a key.

A guard counts where it decides: an ``assert``, an ``if`` whose branch holds the load, an ``if`` that
leaves when the check fails; in the load's own function, in an earlier cell, or in a function that
was called with the same bytes or path.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from stsec_magic.source.digests import PINS, Digests, Roots
from stsec_magic.source.names import Names
from stsec_magic.source.paths import Paths
from stsec_magic.source.program import CodeCell
from stsec_magic.source.reach import Reach
from stsec_magic.source.scopes import Frame, Order, Scope, Use

_WORDS = ("hashlib", "hmac", "compare_digest", "hexdigest")
_LEAVING = frozenset(("exit", "quit", "stop", "abort", "_exit"))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class _Body(NamedTuple):
    """A cell's or a function's statements, with a comparison among them.

    Attributes:
        number: The cell's number.
        cell: The cell.
        is_function: Whether it is a function's body.
        statements: Its statements.
        scope: Their scope.
    """

    number: int
    cell: CodeCell
    is_function: bool
    statements: list[ast.stmt]
    scope: Scope


class Guards:
    """Finds the checks of one program."""

    def __init__(
        self, names: Names, reach: Reach, paths: Paths, is_overwritten: Callable[[set[str], Order, Order], bool]
    ) -> None:
        """Take a program; nothing is looked at before a load asks.

        Args:
            names: The program.
            reach: A way back along its data.
            paths: Spells its paths.
            is_overwritten: Whether one of some files gets new bytes between two places.
        """
        self._names = names
        self._reach = reach
        self._digests = Digests(names, reach, paths)
        self._is_overwritten = is_overwritten

    def hold(self, argument: ast.expr | None, load: Use) -> bool:
        """Whether a check stands before a load and decides over it.

        Args:
            argument: What is loaded.
            load: The load.
        """
        if argument is None:
            return False
        if self._is_pinned_anywhere and self._digests.is_pinned(load.at(argument)):
            return True
        if not self._bodies:
            return False
        wanted = self._digests.roots(load.at(argument))
        return bool(wanted) and any(self._is_for(use, wanted, load) for use in self._deciding(load))

    def _is_for(self, check: Use, wanted: Roots, load: Use) -> bool:
        """Whether a check is of the same bytes as a load, and of those that are still there."""
        shared = self._digests.compared(check) & wanted
        if not shared:
            return False
        since = check.order if check.frame is None else check.frame.call.order
        until = max((load.order, *self._reach.entered(load.scope)))
        return not self._is_overwritten({root for root in shared if isinstance(root, str)}, since, until)

    @cached_property
    def _is_pinned_anywhere(self) -> bool:
        return bool(self._names.cells_naming(PINS)[0])

    @cached_property
    def _bodies(self) -> list[_Body]:
        """Where a digest may be compared; empty for a notebook that makes none."""
        found: list[_Body] = []
        if not self._names.cells_naming(_WORDS)[0]:
            return found
        for number, cell in enumerate(self._names.program.cells):
            tree = cell.tree or cell.mended
            for function, body in [] if tree is None else _bodies(tree):
                scope = self._scope_of(function) if _compares(body) else None
                if scope is not None:
                    found.append(_Body(number, cell, function is not None, body, scope))
        return found

    def _deciding(self, load: Use) -> Iterator[Use]:
        """The comparisons that a load depends on."""
        own = _function_of(load.scope)
        for body in self._bodies:
            if body.number > load.order[0]:
                return
            for check in self._before(body, load, own):
                if not body.is_function or body.scope is own:
                    yield check
                else:
                    yield from self._through_calls(check, body.scope, load)

    def _before(self, body: _Body, load: Use, own: Scope) -> Iterator[Use]:
        """Checks in a body that decide over what follows or stands in them."""
        inside = body.cell is load.cell
        inner: list[ast.stmt] | None = body.statements
        while inner is not None:
            statements, inner = inner, None
            for statement in statements:
                order = (body.number, statement.lineno, statement.col_offset)
                if inside and body.scope is own and order >= load.order:
                    break
                if isinstance(statement, _FUNCTIONS):
                    continue
                holds = inside and _spans([statement], load.order[1])
                yield from self._in(statement, Use(ast.Constant(None), body.scope, body.cell, order), load, holds=holds)
                if holds:
                    inner = next((each for each in _blocks(statement) if _spans(each, load.order[1])), inner)

    def _in(self, statement: ast.stmt, use: Use, load: Use, *, holds: bool) -> Iterator[Use]:
        """The checks of one statement that decide."""
        if isinstance(statement, ast.Assert):
            yield from self._checks(statement.test, use, when=True)
        elif isinstance(statement, ast.If):
            for when in (True, False):
                fine, failed = statement.body, statement.orelse
                if not when:
                    fine, failed = failed, fine
                if _leaves(failed) or (holds and _spans(fine, load.order[1])):
                    yield from self._checks(statement.test, use, when=when)

    def _checks(self, test: ast.expr, use: Use, *, when: bool) -> Iterator[Use]:
        """The comparisons whose sides are the same for sure where a condition is true, or where it is false."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield from self._checks(operand, use, when=not when)
            case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) is when:
                for value in values:
                    yield from self._checks(value, use, when=when)
            case ast.Compare(ops=[ast.Eq() | ast.In()]) if when:
                yield use.at(test)
            case ast.Compare(ops=[ast.NotEq() | ast.NotIn()]) if not when:
                yield use.at(test)
            case ast.Call(func=ast.Attribute(attr="compare_digest") | ast.Name(id="compare_digest")) if when:
                yield use.at(test)
            case ast.Call():
                # A function of the notebook that says whether the digest is right: in its only return.
                returned = self._reach.returned(use.at(test)) or []
                if len(returned) == 1:
                    yield from self._checks(returned[0].node, returned[0], when=when)

    def _through_calls(self, check: Use, scope: Scope, load: Use) -> Iterator[Use]:
        """A check in a function that was called before the load: with that call's arguments."""
        for call in self._reach.calls_of(scope):
            if call.order < load.order:
                order = (max(call.order[0], scope.order[0]), 1 << 30, 0)
                yield Use(check.node, scope, check.cell, order, Frame(scope, call))

    def _scope_of(self, function: ast.FunctionDef | ast.AsyncFunctionDef | None) -> Scope | None:
        if function is None:
            return self._names.module
        return next((s for s in self._names.functions(function.name) if s.definition is function), None)


def _bodies(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef | None, list[ast.stmt]]]:
    """The statements of a cell, and those of each function in it."""
    yield None, tree.body
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            yield node, node.body


def _function_of(scope: Scope) -> Scope:
    """The scope of the function around, or the module's."""
    while scope.parent is not None and not isinstance(scope.definition, _FUNCTIONS):
        scope = scope.parent
    return scope


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if isinstance(block, list) and not isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
            yield block
    for handler in getattr(statement, "handlers", ()):
        yield handler.body


def _compares(body: list[ast.stmt]) -> bool:
    """Whether a condition may stand in a body, outside of the functions in it."""
    stack: list[ast.stmt] = [*body]
    while stack:
        statement = stack.pop()
        if isinstance(statement, (ast.Assert, ast.If)):
            return True
        stack += [each for block in _blocks(statement) for each in block]
    return False


def _leaves(block: list[ast.stmt]) -> bool:
    """Whether a block ends the function, the loop or the notebook's run."""
    if not block:
        return False
    match block[-1]:
        case ast.Raise() | ast.Return() | ast.Continue():
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name))):
            return name in _LEAVING
    return False


def _spans(block: list[ast.stmt], line: int) -> bool:
    return bool(block) and block[0].lineno <= line <= (block[-1].end_lineno or block[-1].lineno)
