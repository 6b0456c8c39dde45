"""What the notebook's own code does to the environment's variables."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable

from stsec_magic.source.constant import constant_text
from stsec_magic.source.program import CodeCell

_WORDS = re.compile(r"environ|putenv|unsetenv|%(?:set_)?env\b")
_MAGIC = re.compile(
    r"^[ \t]{0,40}%(?:set_)?env[ \t]{1,20}(\w{1,100})(?:[ \t]{0,20}=|[ \t])[ \t]{0,20}(\S[^\n]{0,4000})", re.M
)
_ENVIRON = "os.environ"
_TAKING = frozenset(("os.environ.pop", "os.environ.__delitem__", "os.unsetenv"))
_PUTTING = frozenset(("os.environ.setdefault", "os.environ.__setitem__", "os.putenv"))
_TAKING_ALL = frozenset(("os.environ.clear", "os.environ.popitem"))

Qualified = Callable[[ast.expr, CodeCell], str | None]


class Environment:
    """Tells which variables keep one value while the notebook runs.

    Attributes:
        takes_any: Whether it takes away variables that nobody can tell.
    """

    def __init__(self, cells: Iterable[CodeCell], qualified: Qualified) -> None:
        """Read a program.

        Args:
            cells: Its cells, those alone that run in the kernel.
            qualified: Gives the dotted name that an expression stands for.
        """
        self._qualified = qualified
        self._put: dict[str, set[str]] = {}
        self._taken: set[str] = set()
        self.takes_any = False
        for cell in cells:
            if _WORDS.search(cell.fragment.text):
                for name, value in _MAGIC.findall(cell.fragment.text):
                    self._put.setdefault(name, set()).add(value.rstrip())
                for node in cell.nodes_on(None):
                    self._look_at(node, cell)

    def is_free(self, name: str, value: str) -> bool:
        """Whether a variable is never given another value, and never taken away.

        Args:
            name: The variable.
            value: The value that it may be given.
        """
        return self._put.get(name, set()) <= {value} and name not in self._taken

    def _look_at(self, node: ast.AST, cell: CodeCell) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._puts_into(target, value, cell)
            case ast.AugAssign(target=target, op=ast.BitOr(), value=value):
                if self._qualified(target, cell) == _ENVIRON:
                    self._updates([value])
            case ast.Delete(targets=targets):
                for each in targets:
                    self._takes(each, cell)
            case ast.Call():
                self._called(node, cell)

    def _puts_into(self, target: ast.expr, value: ast.expr, cell: CodeCell) -> None:
        # os.environ = {...}
        self.takes_any |= isinstance(target, ast.Attribute) and self._qualified(target, cell) == _ENVIRON
        if isinstance(target, ast.Tuple | ast.List):
            for each in target.elts:
                self._puts(self._variable(each, cell), target)  # a value that nobody looks for
        else:
            self._puts(self._variable(target, cell), value)

    def _called(self, call: ast.Call, cell: CodeCell) -> None:
        function = self._qualified(call.func, cell) or ""
        if function == f"{_ENVIRON}.update":
            self._updates(call.args)
            for keyword in call.keywords:
                self._puts(keyword.arg, keyword.value)
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "dict" and call.args:
            # patch.dict(os.environ, {"KEY": "..."}, clear=True)
            environ = call.args[0]
            is_named = isinstance(environ, ast.Constant) and environ.value == _ENVIRON
            if is_named or self._qualified(environ, cell) == _ENVIRON:
                self._updates(call.args[1:2])
                self.takes_any |= any(keyword.arg == "clear" for keyword in call.keywords) or len(call.args) > 2
        else:
            self._calls(function, call.args)

    def _calls(self, function: str, arguments: list[ast.expr]) -> None:
        self.takes_any |= function in _TAKING_ALL
        match arguments:
            case [ast.Constant(value=str(name)), *_] if function in _TAKING:
                self._taken.add(name)
            case [ast.Constant(value=str(name)), value, *_] if function in _PUTTING:
                self._puts(name, value)
            case [_, *_] if function in _TAKING:
                self.takes_any = True

    def _updates(self, given: list[ast.expr]) -> None:
        for each in given:
            if isinstance(each, ast.Dict):
                for key, value in zip(each.keys, each.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        self._puts(key.value, value)

    def _takes(self, node: ast.expr, cell: CodeCell) -> None:
        if isinstance(node, ast.Subscript) and self._qualified(node.value, cell) == _ENVIRON:
            name = self._variable(node, cell)
            self._taken |= set() if name is None else {name}
            self.takes_any |= name is None

    def _puts(self, name: str | None, value: ast.expr) -> None:
        if name is not None:
            text = constant_text(value)
            self._put.setdefault(name, set()).add(ast.dump(value) if text is None else text)

    def _variable(self, node: ast.expr, cell: CodeCell) -> str | None:
        match node:
            case ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
                return name if self._qualified(value, cell) == _ENVIRON else None
        return None
