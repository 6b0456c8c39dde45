"""Whether the bytes of a load were checked before: their SHA-256 against a literal, their HMAC against a key.

A guard counts where it decides: an ``assert``, an ``if`` whose branch holds the load, an ``if`` that
leaves when the check fails; in the load's own function, in an earlier cell, or in a function that
was called with the same bytes or path.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from stsec_magic.source.names import Names
from stsec_magic.source.paths import HOLE, Paths
from stsec_magic.source.program import CodeCell, children
from stsec_magic.source.reach import Reach
from stsec_magic.source.same_file import is_spelled
from stsec_magic.source.scopes import Frame, Order, Scope, Use

_WORDS = ("hashlib", "hmac", "compare_digest", "hexdigest")
# MD5 and SHA-1 say nothing against somebody who made both files.
_HASH = re.compile(r"hashlib\.(?:sha(?:224|256|384|512|3_\w+)|blake2[bs]|new|file_digest)|hmac\.(?:new|digest|HMAC)")
_CHOOSING = frozenset(("hashlib.new", "hashlib.file_digest"))
_WEAK = re.compile(r"md[245]|sha-?1|crc32|adler32", re.IGNORECASE)
_ALIKE = frozenset(("lower", "upper", "strip", "encode", "fromhex", "unhexlify", "b64decode"))
"""Methods that give a literal in another form."""

_HOPS = 4
_LEAVING = frozenset(("exit", "quit", "stop", "abort", "_exit"))
_MOST = 60
_SHORTEST = 16
"""Characters of a digest, at least."""

_BUILTIN = frozenset(dir(builtins))
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
        self._paths = paths
        self._is_overwritten = is_overwritten
        self._known: dict[tuple[int, int], tuple[Use, set[str | int]]] = {}

    def hold(self, argument: ast.expr | None, load: Use) -> bool:
        """Whether a check stands before a load and decides over it.

        Args:
            argument: What is loaded.
            load: The load.
        """
        if argument is None or not self._bodies:
            return False
        wanted = self._roots(load.at(argument))
        return bool(wanted) and any(self._is_for(use, wanted, load) for use in self._deciding(load))

    def _is_for(self, check: Use, wanted: set[str | int], load: Use) -> bool:
        """Whether a check is of the same bytes as a load, and of those that are still there."""
        shared = self._data(check) & wanted
        if not shared:
            return False
        since = check.order if check.frame is None else check.frame.call.order
        until = max((load.order, *self._reach.entered(load.scope)))
        return not self._is_overwritten({root for root in shared if isinstance(root, str)}, since, until)

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

    def _data(self, use: Use) -> set[str | int]:
        """What the digest in a comparison was made of; empty where nothing fixed is compared with it."""
        key = id(use.node), id(None if use.frame is None else use.frame.call.node)
        if key not in self._known:
            self._known[key] = use, self._compared(use)
        return self._known[key][1]

    def _compared(self, use: Use) -> set[str | int]:
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
            if _HASH.fullmatch(name) and not (name in _CHOOSING and _is_weak(call)):
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

    def _is_fixed(self, use: Use, hops: int = _HOPS) -> bool:
        """Whether an expression is a literal, directly or by its name, or one out of several."""
        match use.node:
            case ast.Constant(value=str() | bytes() as value):
                return len(value) >= _SHORTEST
            case ast.Set(elts=several) | ast.List(elts=several) | ast.Tuple(elts=several) | ast.Dict(values=several):
                return bool(several) and hops > 0 and all(self._is_fixed(use.at(each), hops - 1) for each in several)
            case ast.Call(func=ast.Attribute(attr=name, value=value), args=args) if name in _ALIKE and hops:
                return self._is_fixed(use.at(args[0] if args else value), hops - 1)
            case ast.Subscript(value=holder) if not isinstance(use.node.slice, (ast.Slice, ast.Constant)) and hops:
                return self._is_fixed(use.at(holder), hops - 1)
        values = self._reach.values(use) if hops else []
        return bool(values) and all(self._is_fixed(value, hops - 1) for value in values)

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


def _compares(body: list[ast.stmt]) -> bool:
    """Whether a condition may stand in a body, outside of the functions in it."""
    stack: list[ast.stmt] = [*body]
    while stack:
        statement = stack.pop()
        if isinstance(statement, (ast.Assert, ast.If)):
            return True
        stack += [each for block in _blocks(statement) for each in block]
    return False


def _is_weak(call: ast.Call) -> bool:
    """Whether the algorithm that a call names says nothing against somebody who made both files."""
    said = (each.value if isinstance(each, ast.Constant) else getattr(each, "attr", "") for each in call.args)
    return any(isinstance(each, str) and _WEAK.fullmatch(each) for each in said)


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
