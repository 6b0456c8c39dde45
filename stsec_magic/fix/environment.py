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
    """Tells which variables keep one value while the notebook runs."""

    def __init__(self, cells: Iterable[CodeCell], qualified: Qualified) -> None:
        """Read a program.

        Args:
            cells: Its cells, those alone that run in the kernel.
            qualified: Gives the dotted name that an expression stands for.
        """
        self._qualified = qualified
        self._put: dict[str, set[str]] = {}
        self._taken: set[str] = set()
        self._takes_any = False
        for cell in cells:
            if _WORDS.search(cell.fragment.text):
                for name, value in _MAGIC.findall(cell.fragment.text):
                    self._put.setdefault(name, set()).add(value.rstrip())
                for node in cell.nodes_on(None):
                    self._look_at(node, cell)

    def is_steady(self, name: str) -> bool:
        """Whether a variable is only ever given one value, and never taken away.

        Args:
            name: The variable.
        """
        return len(self._put.get(name, ())) < 2 and name not in self._taken and not self._takes_any

    def _look_at(self, node: ast.AST, cell: CodeCell) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._puts(self._variable(target, cell), value)
            case ast.Delete(targets=targets):
                self._taken |= {name for each in targets if (name := self._variable(each, cell)) is not None}
            case ast.Call(func=ast.Attribute(attr="dict"), args=[environ, *_]):
                # patch.dict(os.environ, clear=True)
                self._takes_any |= self._qualified(environ, cell) == _ENVIRON
            case ast.Call(func=func, args=arguments):
                self._calls(self._qualified(func, cell) or "", arguments)

    def _calls(self, function: str, arguments: list[ast.expr]) -> None:
        self._takes_any |= function in _TAKING_ALL
        match arguments:
            case [ast.Constant(value=str(name)), *_] if function in _TAKING:
                self._taken.add(name)
            case [ast.Constant(value=str(name)), value, *_] if function in _PUTTING:
                self._puts(name, value)
            case [ast.Dict(keys=keys, values=values)] if function == f"{_ENVIRON}.update":
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        self._puts(key.value, value)

    def _puts(self, name: str | None, value: ast.expr) -> None:
        if name is not None:
            text = constant_text(value)
            self._put.setdefault(name, set()).add(ast.dump(value) if text is None else text)

    def _variable(self, node: ast.expr, cell: CodeCell) -> str | None:
        match node:
            case ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
                return name if self._qualified(value, cell) == _ENVIRON else None
        return None
