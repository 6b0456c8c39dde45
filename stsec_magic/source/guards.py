"""Whether the bytes of a load were checked before: their SHA-256 against a literal, their HMAC against a key.

A guard counts where it decides: an ``assert``, an ``if`` whose branch holds the load, an ``if`` that
leaves when the check fails; in the load's own function, in an earlier cell, or in a function that
was called with the same bytes or path.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from typing import NamedTuple

from stsec_magic.source.names import Names
from stsec_magic.source.paths import HOLE, Paths
from stsec_magic.source.program import CodeCell, children
from stsec_magic.source.reach import Reach
from stsec_magic.source.same_file import is_spelled
from stsec_magic.source.scopes import Frame, Scope, Use

_WORDS = ("hashlib", "hmac", "compare_digest", "hexdigest")
# MD5 and SHA-1 say nothing against somebody who made both files.
_HASH = re.compile(r"hashlib\.(?:sha(?:224|256|384|512|3_\w+)|blake2[bs]|new|file_digest)|hmac\.(?:new|digest|HMAC)")
_DIGESTS = frozenset(("digest", "hexdigest"))
_LEAVING = frozenset(("exit", "quit", "stop", "abort", "_exit"))
_MOST = 60
_BUILTIN = frozenset(dir(builtins))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class _Check(NamedTuple):
    """A comparison of a digest.

    Attributes:
        use: The comparison.
        equal: Whether it is true where the digests are the same.
    """

    use: Use
    equal: bool


class Guards:
    """Finds the checks of one program."""

    def __init__(self, names: Names, reach: Reach, paths: Paths) -> None:
        """Take a program; nothing is looked at before a load asks."""
        self._names = names
        self._reach = reach
        self._paths = paths
        self._is_asked: bool | None = None

    def hold(self, argument: ast.expr | None, load: Use) -> bool:
        """Whether a check stands before a load and decides over it.

        Args:
            argument: What is loaded.
            load: The load.
        """
        if self._is_asked is None:
            self._is_asked = bool(self._names.cells_naming(_WORDS)[0])
        if not self._is_asked or argument is None:
            return False
        wanted = self._roots(load.at(argument))
        return bool(wanted) and any(self._data(use) & wanted for use in self._deciding(load))

    def _deciding(self, load: Use) -> Iterator[Use]:
        """The comparisons that a load depends on."""
        for number, cell in enumerate(self._names.program.cells[: load.order[0] + 1]):
            tree = cell.tree or cell.mended
            if tree is None:
                continue
            for function, body in _bodies(tree):
                scope = self._scope_of(function)
                if scope is None:
                    continue
                for check in self._before(body, scope, cell, number, load):
                    if function is None or scope is _function_of(load.scope):
                        yield check.use
                    else:
                        yield from self._through_calls(check, scope, load)

    def _before(self, body: list[ast.stmt], scope: Scope, cell: CodeCell, number: int, load: Use) -> Iterator[_Check]:
        """Checks in the statements of a function, or of a cell, that decide over what follows or stands in them."""
        inside = cell is load.cell
        for statement in body:
            if isinstance(statement, _FUNCTIONS):
                continue
            order = (number, statement.lineno, statement.col_offset)
            last = statement.end_lineno or statement.lineno
            if inside and scope is _function_of(load.scope) and order >= load.order:
                return
            holds = inside and statement.lineno <= load.order[1] <= last
            use = Use(ast.Constant(None), scope, cell, order)
            if isinstance(statement, ast.Assert):
                yield from (check for check in _checks(statement.test, use) if check.equal)
            elif isinstance(statement, ast.If):
                for check in _checks(statement.test, use):
                    fine, failed = (
                        (statement.body, statement.orelse) if check.equal else (statement.orelse, statement.body)
                    )
                    if _leaves(failed) or (holds and _spans(fine, load.order[1])):
                        yield check
            for inner in _blocks(statement):
                if holds and _spans(inner, load.order[1]):
                    yield from self._before(inner, scope, cell, number, load)

    def _through_calls(self, check: _Check, scope: Scope, load: Use) -> Iterator[Use]:
        """A check in a function that was called before the load: with that call's arguments."""
        for call in self._reach.calls_of(scope):
            if call.order < load.order:
                order = (max(call.order[0], scope.order[0]), 1 << 30, 0)
                yield Use(check.use.node, scope, check.use.cell, order, Frame(scope, call))

    def _scope_of(self, function: ast.FunctionDef | ast.AsyncFunctionDef | None) -> Scope | None:
        if function is None:
            return self._names.module
        return next((s for s in self._names.functions(function.name) if s.definition is function), None)

    def _data(self, use: Use) -> set[str | int]:
        """What the digest in a comparison was made of; empty where nothing fixed is compared with it."""
        node = use.node
        sides = node.args if isinstance(node, ast.Call) else _sides(node)
        roots: set[str | int] = set()
        keyed = fixed = False
        for side in sides[:2]:
            made, is_keyed = self._digested(use.at(side))
            roots |= made
            keyed |= is_keyed
            fixed |= not made and self._is_fixed(use.at(side))
        return roots if keyed or fixed else set()

    def _digested(self, start: Use) -> tuple[set[str | int], bool]:
        """The roots of what a digest is made of, and whether a key is in it."""
        roots: set[str | int] = set()
        keyed = False
        for use in self._behind(start):
            call = use.node
            if not isinstance(call, ast.Call):
                continue
            name = self._names.qualified(call.func, use.scope, use.order) or ""
            if _HASH.fullmatch(name):
                is_keyed = name.startswith("hmac.")
                keyed |= is_keyed
                given = call.args[1:] if is_keyed or name == "hashlib.new" else call.args
                for each in [*given, *(k.value for k in call.keywords if k.arg in ("msg", "data", "string"))]:
                    roots |= self._roots(use.at(each))
                roots |= self._updated(use)
        return roots, keyed

    def _updated(self, made: Use) -> set[str | int]:
        """``h.update(data)``: what a hash object was fed with in the scope where it is made."""
        roots: set[str | int] = set()
        numbers, _ = self._names.cells_naming(["update"])
        for use in (use for number in numbers for use in self._names.calls(number)):
            match use.node:
                case ast.Call(func=ast.Attribute(attr="update", value=ast.Name() as receiver), args=[data, *_]):
                    if use.scope is made.scope and any(
                        v.node is made.node for v in self._reach.values(use.at(receiver))
                    ):
                        within = Use(data, use.scope, use.cell, use.order, made.frame)
                        roots |= self._roots(within)
        return roots

    def _is_fixed(self, use: Use) -> bool:
        """Whether an expression is a literal, directly or by its name."""
        if isinstance(use.node, ast.Constant):
            return isinstance(use.node.value, (str, bytes)) and len(use.node.value) >= 16
        values = self._reach.values(use)
        return bool(values) and all(isinstance(v.node, ast.Constant) and self._is_fixed(v) for v in values)

    def _behind(self, start: Use) -> Iterator[Use]:
        """An expression, its parts, and what its names stand for."""
        stack, seen = [start], set[int]()
        while stack and len(seen) < _MOST:
            use = stack.pop()
            if id(use.node) in seen:
                continue
            seen.add(id(use.node))
            yield use
            stack += self._reach.values(use)
            stack += self._reach.returned(use) or []
            stack += [use.at(each) for each in children(use.node) if isinstance(each, ast.expr)]

    def _roots(self, start: Use) -> set[str | int]:
        """What tells one value from another: the expressions that names are bound to, and the paths of files."""
        found: set[str | int] = set()
        for use in self._behind(start):
            values = self._reach.values(use)
            found |= {id(value.node) for value in values if not isinstance(value.node, ast.Constant)}
            if isinstance(use.node, ast.Name) and not values and use.node.id not in _BUILTIN:
                found |= set() if self._reach.is_module(use) else {f"{HOLE}{use.node.id}"}
            if isinstance(use.node, (ast.Name, ast.Constant, ast.Call)):
                found |= {text for text in self._paths.of(use) if is_spelled(text) and "." in text}
        return found


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


def _checks(test: ast.expr, use: Use, *, equal: bool = True) -> Iterator[_Check]:
    """The comparisons that a condition rests on."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _checks(operand, use, equal=not equal)
        case ast.BoolOp(op=ast.And(), values=values) if equal:
            for value in values:
                yield from _checks(value, use)
        case ast.BoolOp(op=ast.Or(), values=values) if not equal:
            for value in values:
                yield from _checks(value, use, equal=False)
        case ast.Compare(ops=[ast.Eq()]):
            yield _Check(use.at(test), equal)
        case ast.Compare(ops=[ast.NotEq()]):
            yield _Check(use.at(test), not equal)
        case ast.Call(func=ast.Attribute(attr="compare_digest") | ast.Name(id="compare_digest")):
            yield _Check(use.at(test), equal)


def _sides(node: ast.expr) -> list[ast.expr]:
    return [node.left, *node.comparators] if isinstance(node, ast.Compare) else []


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
