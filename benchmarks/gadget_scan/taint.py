"""Where the parameters of one function go."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gadget_scan.primitives import HARMLESS

Params = frozenset[str]
_NOTHING: Params = frozenset()
_ROUNDS = 4
_FILL = ("append", "extend", "add", "update", "insert")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(slots=True)
class Called:
    """A call in a function.

    Attributes:
        name: What is called, as far as its dotted name can be told; else None.
        method: The last part of it, where it is an attribute.
        on: The parameters that the object has in it whose method is called.
        named: Those that chose the function by ``getattr``.
        arguments: Those in each argument, by position or keyword; ``*`` stands for spread ones.
        prefixed: Whether the first argument is a text that begins with constant characters.
    """

    name: str | None
    method: str | None
    on: Params
    named: Params
    arguments: dict[int | str, Params]
    prefixed: bool


@dataclass(slots=True)
class Flow:
    """What is known of one function.

    Attributes:
        params: Its parameters, in order; ``*args`` and ``**kwargs`` bear their stars.
        calls: The calls in it that a parameter goes into.
        own: Which parameters each attribute of ``self`` has in it.
    """

    params: list[str] = field(default_factory=list)
    calls: list[Called] = field(default_factory=list)
    own: dict[str, Params] = field(default_factory=dict)


def inside(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a function without those of the functions and classes within it.

    Args:
        node: The function.

    Yields:
        Each node; lambdas belong to it.
    """
    todo = [*ast.iter_child_nodes(node)]
    while todo:
        each = todo.pop()
        yield each
        if not isinstance(each, _SCOPES):
            todo += ast.iter_child_nodes(each)


class Taint:
    """Which parameters an expression is made from, whatever the order of the statements."""

    def __init__(self, node: ast.FunctionDef | ast.AsyncFunctionDef, dotted: Callable[[ast.expr], str | None]) -> None:
        """Take a function, and what tells the dotted name of an expression."""
        self._dotted = dotted
        self._env: dict[str, Params] = {}
        self._types: dict[str, str] = {}
        self._nodes = [*inside(node)]
        spec = node.args
        plain = [each.arg for each in (*spec.posonlyargs, *spec.args)]
        self.flow = Flow([*plain])
        for each in plain:
            self._env[each] = frozenset((each,))
        for each in spec.kwonlyargs:
            self.flow.params.append(each.arg)
            self._env[each.arg] = frozenset((each.arg,))
        for star, arg in (("*", spec.vararg), ("**", spec.kwarg)):
            if arg is not None:
                self.flow.params.append(star + arg.arg)
                self._env[arg.arg] = frozenset((star + arg.arg,))

    def run(self) -> Flow:
        """Follow the parameters through all assignments, then note the calls."""
        pairs = [pair for node in self._nodes for pair in _assigned(node)]
        for _ in range(_ROUNDS):
            before = sum(map(len, self._env.values()))
            for target, value in pairs:
                self._assign(target, value)
            if sum(map(len, self._env.values())) == before:
                break
        for node in self._nodes:
            if isinstance(node, ast.Call):
                self._note(node)
        self.flow.own = {key[5:]: params for key, params in self._env.items() if key.startswith("self.")}
        return self.flow

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        params = self.of(value)
        made = self.called(value.func) if isinstance(value, ast.Call) else None
        for each in ast.walk(target):
            key = _key(each)
            if key is None or not isinstance(getattr(each, "ctx", None), ast.Store):
                continue
            if params:
                self._env[key] = self._env.get(key, _NOTHING) | params
            if made is not None:
                self._types[key] = made
        if isinstance(target, ast.Subscript) and (key := _key(target.value)) is not None and params:
            self._env[key] = self._env.get(key, _NOTHING) | params

    def of(self, node: ast.expr | None) -> Params:
        """The parameters that an expression is made from."""
        if node is None or isinstance(node, ast.Constant | ast.Compare):
            return _NOTHING
        key = _key(node)
        if key is not None and (key in self._env or key.startswith("self.")):
            return self._env.get(key, frozenset((key,)) if "self" in self._env else _NOTHING)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in HARMLESS:
            return _NOTHING
        if isinstance(node, ast.IfExp):
            return self.of(node.body) | self.of(node.orelse)
        if isinstance(node, ast.Lambda):
            return _NOTHING
        found = _NOTHING
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                found |= self.of(child)
            elif isinstance(child, ast.keyword):
                found |= self.of(child.value)
            elif isinstance(child, ast.comprehension):
                found |= self.of(child.iter)
        return found

    def called(self, function: ast.expr) -> str | None:
        """The dotted name of what is called: a global, or a method of what a global made."""
        if isinstance(function, ast.Attribute):
            key = _key(function.value)
            if key is not None and key in self._types:
                return f"{self._types[key]}.{function.attr}"
            if isinstance(function.value, ast.Call):
                inner = function.value.func
                if isinstance(inner, ast.Name) and inner.id == "super":
                    return f"super.{function.attr}"
                made = self.called(inner)
                return None if made is None else f"{made}.{function.attr}"
        key = _key(function)
        if key is not None and key in self._env and not key.startswith("self."):
            return None
        return self._dotted(function)

    def _note(self, node: ast.Call) -> None:
        function = node.func
        arguments: dict[int | str, Params] = {}
        for i, each in enumerate(node.args):
            place: int | str = "*" if isinstance(each, ast.Starred) else i
            arguments[place] = arguments.get(place, _NOTHING) | self.of(each)
        for keyword in node.keywords:
            named = keyword.arg or "*"
            arguments[named] = arguments.get(named, _NOTHING) | self.of(keyword.value)
        arguments = {place: params for place, params in arguments.items() if params}
        method = function.attr if isinstance(function, ast.Attribute) else None
        on = self.of(function.value) if isinstance(function, ast.Attribute) else _NOTHING
        chosen = self._by_name(function)
        if arguments or on or chosen:
            first = node.args[0] if node.args else None
            self.flow.calls.append(Called(self.called(function), method, on, chosen, arguments, _prefixed(first)))

    def _by_name(self, function: ast.expr) -> Params:
        """The parameters by which ``getattr(object, name)(...)`` chooses both object and function."""
        if isinstance(function, ast.Call) and isinstance(function.func, ast.Name) and function.func.id == "getattr":
            of, name = [*map(self.of, function.args[:2]), _NOTHING, _NOTHING][:2]
            return name - {"self"} if of and name else _NOTHING
        return _NOTHING


def _assigned(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What a statement puts into what."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield target, node.value
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.target, node.iter
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, node.context_expr
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _FILL and node.args:
        # command.append(name)
        yield _stored(node.func.value), node.args[-1]


def _stored(node: ast.expr) -> ast.expr:
    """A place that a method changes, as if it were assigned to."""
    if isinstance(node, ast.Name):
        return ast.Name(node.id, ast.Store())
    if isinstance(node, ast.Attribute):
        return ast.Attribute(node.value, node.attr, ast.Store())
    return node


def _key(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return f"self.{node.attr}"
    return None


def _prefixed(node: ast.expr | None) -> bool:
    """Whether a text begins with constant characters that tell the package: ``"sklearn." + name``."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    elif isinstance(node, ast.BinOp):
        node = node.left
        if isinstance(node, ast.BinOp):
            return _prefixed(node)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        node = node.func.value
    else:
        return False
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value.partition("{")[0]
