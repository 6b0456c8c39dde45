"""What conditions ask of a name before its value is shown: ``if "KEY" in name``, ``v if name in KNOWN else "***"``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice

from stsec_magic.rules.secret_names import kind_of
from stsec_magic.source.names import Names
from stsec_magic.source.scopes import Function, Use

_MOST = 200
"""Nodes of one condition that are looked at."""


class Conditions:
    """Reads the conditions of one program; the lists that they name are looked up."""

    def __init__(self, names: Names) -> None:
        """Take a program's names.

        Args:
            names: The names.
        """
        self._names = names
        self._asking: dict[int, bool] = {}

    def are_in(self, function: Function) -> bool:
        """Whether a function does one thing or another, as a condition says.

        Args:
            function: The function.
        """
        if id(function) not in self._asking:
            self._asking[id(function)] = any(isinstance(each, ast.If) for each in ast.walk(function))
        return self._asking[id(function)]

    def asks_for_secrets(self, test: ast.expr, use: Use) -> bool:
        """Whether a condition holds for the very names that secrets have: ``"KEY" in name``.

        Args:
            test: The condition.
            use: An expression in its scope.
        """
        return not _is_negative(test) and self._speaks_of_secrets(test, use)

    def leaves_secrets_out(self, test: ast.expr, use: Use) -> bool:
        """Whether no secret needs to be among what a condition doesn't hold for.

        Args:
            test: The condition.
            use: An expression in its scope.
        """
        if isinstance(test, ast.UnaryOp) and isinstance(test.operand, ast.Name):
            return False  # if not value: continue
        # if not name.startswith("SPARK"): continue
        return _is_negative(test) != self._speaks_of_secrets(test, use)

    def hides_secrets(self, test: ast.expr, use: Use, *, holds: bool) -> bool:
        """Whether a condition speaks of secrets, and none of them is there where it holds, or where it doesn't.

        Args:
            test: The condition.
            use: An expression in its scope.
            holds: Which of the two is asked for.
        """
        return holds == _is_negative(test) and self._speaks_of_secrets(test, use)

    def shows_secrets(self, node: ast.IfExp, part: ast.expr, use: Use) -> bool:
        """Whether secrets are among the values for which a conditional expression gives one of its parts.

        Args:
            node: The expression.
            part: The part of it that gives an entry's value.
            use: An expression in its scope.
        """
        if self._speaks_of_secrets(node.test, use):
            return (part is node.body) != _is_negative(node.test)
        # value if value else "-": the name isn't asked for.
        return {*_names(node.test)} <= {*_names(part)}

    def _speaks_of_secrets(self, test: ast.expr, use: Use) -> bool:
        nodes = [*islice(ast.walk(test), _MOST)]
        texts: list[object] = [each.value for each in nodes if isinstance(each, ast.Constant)]
        for each in nodes:
            if isinstance(each, ast.Name):
                texts += _listed(self._names, each.id, use)
        return any(isinstance(text, str) and kind_of(text) is not None for text in texts)


def is_shortened(node: ast.IfExp) -> bool:
    """Whether a conditional expression asks for what it gives, and gives something else of it otherwise.

    Args:
        node: The expression: ``key if len(key) < 4 else key[:4]``.
    """
    return bool({*_names(node.test)} & {*_names(node.body)} & {*_names(node.orelse)})


def parameters_of(function: Function | None) -> set[str]:
    """The names of a function's parameters.

    Args:
        function: The function; None gives none.
    """
    return set() if function is None else {each.arg for each in (*function.args.posonlyargs, *function.args.args)}


def parameters_in(result: Use) -> set[str]:
    """The parameters of a function that stand in what it returns.

    Args:
        result: An expression behind ``return``.
    """
    return parameters_of(result.scope.function).intersection(_names(result.node))


def _listed(names: Names, name: str, use: Use) -> list[object]:
    """The constants in the list that a name was given."""
    binding = names.binding(name, use.scope, use.order)
    if binding is None or binding.opened or binding.value is None:
        return []
    value = binding.value
    if isinstance(value, ast.Call) and len(value.args) == 1:
        value = value.args[0]  # frozenset((...))
    if not isinstance(value, ast.Tuple | ast.List | ast.Set):
        return [value.value] if isinstance(value, ast.Constant) else []
    return [each.value for each in value.elts[:_MOST] if isinstance(each, ast.Constant)]


def _is_negative(test: ast.expr) -> bool:
    return any(isinstance(each, ast.Not | ast.NotIn | ast.NotEq) for each in islice(ast.walk(test), _MOST))


def _names(node: ast.expr) -> Iterator[str]:
    """The names in an expression, without those of functions."""
    nodes = [*islice(ast.walk(node), _MOST)]
    called = {id(each.func) for each in nodes if isinstance(each, ast.Call)}
    return (each.id for each in nodes if isinstance(each, ast.Name) and id(each) not in called)
