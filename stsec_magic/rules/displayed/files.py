"""Files that hold nothing but secrets, where they are opened, read and parsed."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from stsec_magic.model.levels import Confidence
from stsec_magic.rules.displayed.secret_files import is_secret_file, shown_file
from stsec_magic.rules.displayed.sources import LOADING, READING, Form, Read
from stsec_magic.source.names import Names
from stsec_magic.source.scopes import Use

_OPENING = frozenset(("open", "io.open", "pathlib.Path"))
_SAME_PATH = frozenset("os.path.join os.path.expanduser os.path.abspath pathlib.Path str os.fspath".split())
_SAME_METHODS = frozenset(("open", "resolve", "absolute", "expanduser", "joinpath"))
_DEEPEST = 6


class Files:
    """Tells which expressions are files of secrets, or what is in them."""

    def __init__(
        self,
        names: Names,
        text: Callable[[ast.expr, Use], str | None],
        read: Callable[[Use, str, int], Read | None],
    ) -> None:
        """Take a program.

        Args:
            names: Its names.
            text: Gives the text that an expression is.
            read: Follows an expression: the expression, what it is called, how deep it is.
        """
        self._names = names
        self._text = text
        self._read = read

    def of(self, use: Use, call: ast.Call, depth: int) -> Read | None:
        """``open(".env")``, ``Path(".env").read_text()``, ``toml.load(".streamlit/secrets.toml")``.

        Args:
            use: The call's place.
            call: The call.
            depth: How many steps lie behind.
        """
        last = _last(call.func)
        if last in READING and isinstance(call.func, ast.Attribute):
            found = self._read(use.at(call.func.value), "", depth + 1)
            return None if found is None or found.form is not Form.FILE else replace(found, form=Form.TEXT)
        if last in LOADING and call.args:
            found = self._read(use.at(call.args[0]), "", depth + 1) or self._file(use, call.args[0])
            return None if found is None or found.form is not Form.FILE else replace(found, form=Form.MAPPING)
        if last == "open" and isinstance(call.func, ast.Attribute):
            found = self._read(use.at(call.func.value), "", depth + 1)
            if found is not None and found.form is Form.FILE:
                return found
        if call.args and self._names.qualified(call.func, use.scope, use.order) in _OPENING:
            return self._file(use, call.args[0])
        return None

    def path(self, use: Use) -> Read | None:
        """``folder / ".env"``.

        Args:
            use: The expression.
        """
        return self._file(use, use.node)

    def _file(self, use: Use, path: ast.expr) -> Read | None:
        name = self._name(use, path, 0)
        if name is None or not is_secret_file(name):
            return None
        return Read(shown_file(name), True, Confidence.HIGH, use, Form.FILE)

    def _name(self, use: Use, path: ast.expr, depth: int) -> str | None:
        """The last part of a path, which says what is in the file."""
        if depth > _DEEPEST:
            return None
        match path:
            case ast.BinOp(op=ast.Div(), right=right):
                return self._name(use, right, depth + 1)
            case ast.Call(args=[*_, last], func=func):
                if self._names.qualified(func, use.scope, use.order) in _SAME_PATH or _last(func) in _SAME_METHODS:
                    return self._name(use, last, depth + 1)
            case ast.Name(id=name) if self._text(path, use) is None:
                binding = self._names.binding(name, use.scope, use.order)
                if binding is not None and binding.value is not None and not binding.opened:
                    return self._name(
                        Use(binding.value, use.scope, binding.cell, binding.order), binding.value, depth + 1
                    )
        return self._text(path, use)


def _last(func: ast.expr) -> str:
    match func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
