"""What a name, an attribute or a key may be at a place: one step back along the data, through calls too."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from stsec_magic.source.names import Names
from stsec_magic.source.program import children
from stsec_magic.source.scopes import Binding, Frame, Order, Scope, Use

_DEEPEST = 5
"""Calls that are followed into functions of the notebook, one inside the other."""

_MOST = 12
"""Calls of one function, assignments to one attribute, return statements that are looked at."""

_CONTAINERS = frozenset("list dict set deque Queue SimpleQueue LifoQueue defaultdict OrderedDict".split())

_LAST = 1 << 30
"""Behind every line."""


_UNKNOWN = ast.Set([], lineno=1, col_offset=0, end_lineno=1, end_col_offset=0)
"""Stands beside what is known of a name for a binding of which nothing is."""


class Reach:
    """Takes steps back through one program. Bounded; what it can't follow is empty, which means unknown."""

    def __init__(self, names: Names) -> None:
        """Take a program's names."""
        self._names = names
        self._returns: dict[int, list[ast.expr]] = {}
        self._calls: dict[int, list[Use]] = {}

    def values(self, use: Use, depth: int = _DEEPEST) -> list[Use]:
        """What an expression that only names something may be.

        Args:
            use: A name, an attribute, a subscript with a constant key; anything else names nothing.
            depth: How many subscripts of subscripts may still be followed.

        Returns:
            The expressions, where they stand. For a loop's target and the like, what it is taken out of.
        """
        match use.node:
            case ast.Name(id=name):
                return [*self._of_name(name, use)]
            case ast.Attribute(attr=key) if not self.is_module(use):
                return [*self._kept(key, use)]
            case ast.Subscript(value=holder, slice=ast.Constant(value=str(key))) if depth:
                entries = [
                    each.at(found)
                    for each in self.values(use.at(holder), depth - 1)
                    if (found := entry_of(each.node, key)) is not None
                ]
                return [*entries, *self._kept(key, use)]
        return []

    def is_module(self, use: Use) -> bool:
        """Whether an expression is an imported thing or something in it: ``gzip`` in ``gzip.open(path)``."""
        node = use.node
        while isinstance(node, ast.Attribute):
            node = node.value
        binding = self._names.binding(node.id, use.scope, use.order) if isinstance(node, ast.Name) else None
        return binding is not None and binding.imported is not None

    def returned(self, use: Use) -> list[Use] | None:
        """What a call of one of the notebook's own functions gives back.

        Args:
            use: A call.

        Returns:
            The expressions behind ``return`` and ``yield``, to be followed with this call's arguments;
            None where the call is of something else.
        """
        if not isinstance(use.node, ast.Call) or (use.frame is not None and use.frame.depth >= _DEEPEST):
            return None
        found = [scope for scope in self._called(use) if scope.function is not None]
        if not found:
            return None
        given: list[Use] = []
        for scope in found[:_MOST]:
            if scope.cell is not None:
                frame = Frame(scope, use)
                # By the time of the call all names of the function's body are bound.
                order = (max(use.order[0], scope.order[0]), _LAST, 0)
                given += [Use(node, scope, scope.cell, order, frame) for node in self._given_back(scope)]
        return given

    def entered(self, scope: Scope) -> list[Order]:
        """Where in the program the calls of the function stand that a scope is in; empty for the module.

        Args:
            scope: Any scope.
        """
        while scope.function is None or isinstance(scope.function, ast.Lambda):
            if scope.parent is None:
                return []
            scope = scope.parent
        return [call.order for call in self.calls_of(scope)]

    def _of_name(self, name: str, use: Use) -> Iterator[Use]:
        bindings, scope = self._names.reaching(name, use.scope, use.order)
        if scope is None:
            return
        found = [[*self._of_binding(name, binding, scope, use)] for binding in bindings]
        known = [each for several in found for each in several]
        held = [*self._held(name, scope)] if any(_is_container(each.node) for each in known) else []
        yield from held
        yield from (each for each in known if not (held and _is_container(each.node) and not children(each.node)))
        if known and not all(found):
            yield use.at(_UNKNOWN)

    def _held(self, name: str, scope: Scope) -> Iterator[Use]:
        """What is put into a container."""
        for each in self._names.added(name)[:_MOST]:
            if self._names.reaching(name, each.scope, each.order)[1] is scope:
                yield each

    def _of_binding(self, name: str, binding: Binding, scope: Scope, use: Use) -> Iterator[Use]:
        if binding.parameter:
            yield from self._arguments(name, binding, scope, use)
        elif binding.value is not None and binding.imported is None and binding.inner is None:
            frame = use.frame if _holds(use.frame, scope) else None
            yield Use(binding.value, scope, binding.cell, _before(binding.order), frame)

    def _arguments(self, name: str, binding: Binding, scope: Scope, use: Use) -> Iterator[Use]:
        """What a parameter was given: by the call that is being followed, or else by any call."""
        frame = use.frame
        while frame is not None and frame.function is not scope:
            frame = frame.call.frame
        calls = self.calls_of(scope) if frame is None else [frame.call]
        defaulted = not calls
        for call in calls[:_MOST]:
            argument = _argument(call, scope, name)
            if argument is not None:
                yield call.at(argument)
            defaulted |= argument is None
        if defaulted and binding.value is not None and scope.parent is not None:
            yield Use(binding.value, scope.parent, binding.cell, binding.order)

    def _kept(self, key: str, use: Use) -> Iterator[Use]:
        for each in self._names.assigned(key)[:_MOST]:
            frame = use.frame if _holds(use.frame, each.scope) else None
            yield Use(each.node, each.scope, each.cell, each.order, frame)

    def _called(self, use: Use) -> list[Scope]:
        """The notebook's own functions that a call may be of."""
        match use.node:
            case ast.Call(func=ast.Name(id=name)):
                bindings, _ = self._names.reaching(name, use.scope, use.order)
                inner = (
                    self._names.lambda_scope(binding.value) if isinstance(binding.value, ast.Lambda) else binding.inner
                    for binding in bindings
                )
                return [each for each in inner if each is not None]
            case ast.Call(func=ast.Attribute(attr=name, value=receiver)) if not self.is_module(use.at(receiver)):
                return [scope for scope in self._names.functions(name) if scope.owner is not None]
        return []

    def calls_of(self, scope: Scope) -> list[Use]:
        """The calls of a function; of its class, for ``__init__``.

        Args:
            scope: The function's scope.
        """
        definition = scope.function
        if definition is None or isinstance(definition, ast.Lambda):
            return []
        if id(scope) not in self._calls:
            name = definition.name
            if name == "__init__" and scope.owner is not None and isinstance(scope.owner.definition, ast.ClassDef):
                name = scope.owner.definition.name
            calls = [use for use in self._names.calls_named(name) if self._is_of(use, scope)]
            self._calls[id(scope)] = sorted(calls, key=lambda use: use.order)
        return self._calls[id(scope)]

    def _is_of(self, call: Use, scope: Scope) -> bool:
        return any(each is scope or (scope.owner is not None and each is scope.owner) for each in self._called(call))

    def _given_back(self, scope: Scope) -> list[ast.expr]:
        function = scope.function
        if id(function) not in self._returns:
            self._returns[id(function)] = [] if function is None else [*_returns(function)][:_MOST]
        return self._returns[id(function)]


def _is_container(node: ast.expr) -> bool:
    """Whether an expression makes a list, a dict or the like, into which more may be put."""
    match node:
        case ast.List() | ast.Dict() | ast.Set():
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _CONTAINERS
    return False


def _before(order: Order) -> Order:
    """Where a value is made that is then bound: ``path = folder / path`` asks for the path before."""
    return order[0], order[1], order[2] - 1


def _holds(frame: Frame | None, scope: Scope) -> bool:
    """Whether a scope is inside of the function that a call was followed into."""
    at: Scope | None = scope
    while frame is not None and at is not None:
        if at is frame.function:
            return True
        at = at.parent
    return False


def _argument(use: Use, scope: Scope, name: str) -> ast.expr | None:
    """What a call gives for a parameter."""
    call, function = use.node, scope.function
    if not isinstance(call, ast.Call) or function is None:
        return None
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if name not in names:
        return None
    # The object itself is given by the dot, or made by the class.
    place = names.index(name) - (scope.owner is not None)
    if not 0 <= place < len(call.args) or any(isinstance(each, ast.Starred) for each in call.args[: place + 1]):
        return None
    return call.args[place]


def _returns(function: ast.AST) -> Iterator[ast.expr]:
    """What a function gives back, without the functions inside of it."""
    if isinstance(function, ast.Lambda):
        yield function.body
        return
    stack = list(reversed(children(function)))
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) and node.value is not None:
            yield node.value
        stack.extend(reversed(children(node)))


def entry_of(value: ast.expr, key: str) -> ast.expr | None:
    """What a dict that is written out holds under a key.

    Args:
        value: An expression.
        key: The key.
    """
    match value:
        case ast.Dict(keys=keys, values=values):
            pairs: Iterable[tuple[ast.expr | None, ast.expr]] = zip(keys, values, strict=True)
            return next((v for k, v in pairs if isinstance(k, ast.Constant) and k.value == key), None)
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            return next((k.value for k in keywords if k.arg == key), None)
    return None
