"""What the statements of a cell hand on, told by names alone: to variables, to dicts, to functions' parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from stsec_magic.rules.displayed.values import names_in
from stsec_magic.rules.secret_names import kind_of
from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell
from stsec_magic.source.scopes import Scope

Given = tuple[set[str], Iterable[str]]
"""The names in a value, and those that it is given."""

_DEFINED = (re.compile(r"def[ \t]{1,20}(\w{1,80})"), re.compile(r"class[ \t]{1,20}(\w{1,80})"))
_ADDING = frozenset("append add insert extend update appendleft setdefault".split())
_MOST = 8
"""Functions of one name that are looked at."""


class Parameters:
    """The parameters of the functions that a program defines."""

    def __init__(self, names: Names) -> None:
        """Take a program's names.

        Args:
            names: The names.
        """
        self._names = names
        self._texts = texts = [cell.fragment.text for cell in names.program.cells]
        self._asked: dict[str, bool] = {}
        self._initializers: dict[str, list[Scope]] | None = None
        self._defined = {match[1] for text in texts for pattern in _DEFINED for match in pattern.finditer(text)}

    def made_with(self, call: ast.Call) -> Iterator[Given]:
        """What an object is made with that it is asked for somewhere: ``OpenAI(api_key=...)``, ``client.api_key``.

        Args:
            call: The call.
        """
        for keyword in call.keywords:
            name = keyword.arg
            if name is not None and kind_of(name) is not None and self._is_asked_for(name):
                yield {*names_in(keyword.value)}, [name]

    def _is_asked_for(self, attribute: str) -> bool:
        if attribute not in self._asked:
            self._asked[attribute] = any(f".{attribute}" in text for text in self._texts)
        return self._asked[attribute]

    def handed(self, call: ast.Call) -> Iterator[Given]:
        """What a call hands to a function of the program.

        Args:
            call: The call.

        Yields:
            For each argument its names, and the parameters that it is given for, looked up when they are asked for.
        """
        match call.func:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in self._defined:
                for i, argument in enumerate(call.args):
                    yield {*names_in(argument)}, _Handed(self, name, i)
                for keyword in call.keywords:
                    if keyword.arg is not None:
                        yield {*names_in(keyword.value)}, [keyword.arg]

    def of(self, name: str, place: int) -> Iterator[str]:
        """The parameters of all functions of a name at a place.

        Args:
            name: A function's name, or a class's.
            place: The argument's number.
        """
        for scope in (*self._names.functions(name)[:_MOST], *self._initializers_of(name)[:_MOST]):
            if scope.function is not None:
                arguments = [each.arg for each in (*scope.function.args.posonlyargs, *scope.function.args.args)]
                yield from arguments[place + (scope.owner is not None) :][:1]

    def _initializers_of(self, name: str) -> list[Scope]:
        if self._initializers is None:
            self._initializers = {}
            for scope in self._names.functions("__init__"):
                owner = None if scope.owner is None else scope.owner.definition
                if isinstance(owner, ast.ClassDef):
                    self._initializers.setdefault(owner.name, []).append(scope)
        return self._initializers.get(name, [])


class _Handed:
    """The parameters that an argument is given for. Most calls hand on no secret, and nobody asks."""

    def __init__(self, parameters: Parameters, name: str, place: int) -> None:
        self._parameters = parameters
        self._name = name
        self._place = place

    def __iter__(self) -> Iterator[str]:
        return self._parameters.of(self._name, self._place)


def given(cell: CodeCell, parameters: Parameters) -> Iterator[Given]:
    """What a cell assigns, returns and hands on.

    Args:
        cell: The cell.
        parameters: Those of the program's functions.

    Yields:
        The names in a value, and those that it is given.
    """
    for node in cell.nodes_on(None):
        match node:
            case ast.Call():
                yield from _added(node)
                yield from parameters.handed(node)
                yield from parameters.made_with(node)
            case ast.ImportFrom(module="decouple" | "environs" | "environ" as module, names=aliases):
                yield {module}, [each.asname or each.name for each in aliases]
            case ast.ClassDef(name=name, bases=bases):
                yield {found for base in bases for found in names_in(base)}, [name]
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield from _defaults(node)
                returned = (each.value for each in ast.walk(node) if isinstance(each, ast.Return))
                yield {found for value in returned if value is not None for found in names_in(value)}, [name]
            case _:
                yield from _assigned(node)


def _assigned(node: ast.AST) -> Iterator[Given]:
    match node:
        case ast.Assign(value=ast.Lambda(body=value), targets=targets) | ast.Assign(value=value, targets=targets):
            yield {*names_in(value)}, [name for target in targets for name in _targets(target)]
        case ast.AnnAssign(value=ast.expr() as value, target=target) | ast.NamedExpr(value=value, target=target):
            yield {*names_in(value)}, [*_targets(target)]
        case ast.AugAssign(value=value, target=target):
            yield {*names_in(value)}, [*_targets(target)]
        case ast.For(iter=value, target=target) | ast.comprehension(iter=value, target=target):
            yield {*names_in(value)}, [*_targets(target)]
        case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
            yield {*names_in(value)}, [name]


def _added(call: ast.Call) -> Iterator[Given]:
    """``keys.append(key)``, ``st.session_state.setdefault("api_key", key)``."""
    match call.func:
        case ast.Attribute(attr=method, value=ast.Name(id=name) | ast.Attribute(attr=name)) if method in _ADDING:
            values = [*call.args, *(each.value for each in call.keywords)]
            yield {found for value in values for found in names_in(value)}, [name]


def _defaults(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Given]:
    arguments = [*node.args.posonlyargs, *node.args.args]
    defaults = node.args.defaults
    for argument, value in zip(arguments[len(arguments) - len(defaults) :], defaults, strict=True):
        yield {*names_in(value)}, [argument.arg]


def _targets(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Subscript(value=holder, slice=ast.Constant(value=str(name))):
            if kind_of(name) is not None and name.isidentifier():
                yield name
            if isinstance(holder, ast.Name):
                yield holder.id
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            for each in targets:
                yield from _targets(each)
