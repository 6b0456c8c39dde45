"""What a program puts into ``st.session_state``."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from stsec_magic.rules.functions import Function, Functions
from stsec_magic.source.names import Names
from stsec_magic.source.scopes import Use, may_name

_STATE = "session_state"
_QUALIFIED = "streamlit.session_state"
_MAX_NESTED = 3
_MAX_VALUES = 30


class SessionValues:
    """The values that are given to the session's state, where they stand, cell by cell."""

    def __init__(self, names: Names, functions: Functions) -> None:
        """Take the program."""
        self._names = names
        self._functions = functions
        self._numbers, self._words = names.cells_naming((_STATE,))

    def __iter__(self) -> Iterator[Use]:
        """Each value."""
        for number in self._numbers:
            for node in self._names.program.cells[number].nodes_on(None):
                match node:
                    case ast.Assign(targets=targets, value=value):
                        for target in targets:
                            yield from self._assigned(target, value, number)
                    case ast.AnnAssign(target=target, value=ast.expr() as value):
                        yield from self._assigned(target, value, number)
            for use in self._names.calls(number):
                if isinstance(use.node, ast.Call):
                    yield from self._called(use.node, use)

    def _assigned(self, target: ast.expr, value: ast.expr, number: int) -> Iterator[Use]:
        if isinstance(target, ast.Tuple | ast.List):
            parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            pairs = zip(target.elts, parts, strict=True) if len(parts) == len(target.elts) else []
            for inner, part in pairs or [(each, value) for each in target.elts]:
                yield from self._assigned(inner, part, number)
            return
        base = target
        while isinstance(base, ast.Attribute | ast.Subscript):
            base = base.value
            use = self._functions.use_of(base, number)
            if use is not None and self._is_state(base, use):
                yield self._functions.at(value, use)
                return

    def _called(self, call: ast.Call, use: Use) -> Iterator[Use]:
        """``st.session_state.update(...)``, ``.setdefault(key, value)``, ``setattr(st.session_state, key, value)``."""
        match call:
            case ast.Call(func=ast.Attribute(value=base, attr="update"), args=args) if self._is_state(base, use):
                given = [value for each in args for value in (each.values if isinstance(each, ast.Dict) else [each])]
                given += [keyword.value for keyword in call.keywords]
            case ast.Call(func=ast.Attribute(value=base, attr="setdefault"), args=[_, value]) if self._is_state(
                base, use
            ):
                given = [value]
            case ast.Call(func=ast.Name(id="setattr"), args=[base, _, value]) if self._is_state(base, use):
                given = [value]
            case _:
                return
        for each in given:
            yield self._functions.at(each, use)

    def _is_state(self, node: ast.expr, use: Use) -> bool:
        if not may_name(node, self._words):
            return False
        qualified = self._names.qualified(node, use.scope, use.order)
        return qualified is not None and _QUALIFIED in self._names.candidates(qualified)


def inside(use: Use, functions: Functions, stops: Callable[[Function], bool]) -> Iterator[Use]:
    """What a value is, and what is in it where it is a dict, a list or a tuple that is written out.

    Args:
        use: The value.
        functions: The program's.
        stops: Which functions not to follow.

    Yields:
        Each value, followed to what it is.
    """
    stack = [(use, 0)]
    given = 0
    while stack and given < _MAX_VALUES:
        at, depth = stack.pop()
        for value in functions.values(at, stops):
            given += 1
            node = value.node
            elements = node.values if isinstance(node, ast.Dict) else getattr(node, "elts", None)
            if elements is None:
                yield value
            elif depth < _MAX_NESTED:
                stack += [(functions.at(each, value), depth + 1) for each in elements[:_MAX_VALUES]]
