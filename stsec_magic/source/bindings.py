"""Where names get their meaning: imports, assignments and scopes of all cells, collected in one walk."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cached_property

from stsec_magic.source.occurrences import Occurrences
from stsec_magic.source.program import CodeCell, Program, children
from stsec_magic.source.scopes import Binding, Scope, Use
from stsec_magic.source.textimports import python_imports

_SCOPES = (ast.ClassDef, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_USES = (ast.Name, ast.Attribute, ast.Call)
_BINDERS = (
    ast.Import,
    ast.ImportFrom,
    ast.Assign,
    ast.AnnAssign,
    ast.NamedExpr,
    ast.withitem,
    ast.For,
    ast.ClassDef,
    ast.ExceptHandler,
)

_STAR = re.compile(r"import[ \t]*\*")


class Bindings:
    """The bindings and the uses of a program, each cell walked when something in it is asked for.

    Attributes:
        program: The notebook's code.
        module: The scope that all cells share.
    """

    def __init__(self, program: Program) -> None:
        """Take a program.

        Args:
            program: The notebook's code. Cells that don't parse give their imports only.
        """
        self.program = program
        self.module = Scope()
        self._stars: list[str] | None = None
        self._calls: dict[int, list[Use]] = {}
        self._references: dict[int, list[Use]] = {}
        self._aliases: dict[str, set[str]] = {}
        self._looked_for: set[str] = set()

    def calls(self, index: int) -> list[Use]:
        """All calls in the cell of a number."""
        self._walked(index)
        return self._calls[index]

    def references(self, index: int) -> list[Use]:
        """All names and attributes that are read in the cell of a number."""
        self._walked(index)
        return self._references[index]

    @property
    def stars(self) -> list[str]:
        """Modules of which everything is imported."""
        if self._stars is None:
            self._stars = []
            for index, cell in enumerate(self.program.cells):
                if _STAR.search(cell.fragment.text):
                    self._walked(index)
        return self._stars

    def rows(self, scope: Scope, name: str) -> list[Binding]:
        """What binds a name in a scope, in document order; finds it in whatever cell it stands."""
        if scope is self.module and name not in self._looked_for:
            self._looked_for.add(name)
            for index in self._occurrences.binding(name):
                self._walked(index)
            scope.bindings.get(name, []).sort(key=lambda binding: binding.order)
        return scope.bindings.get(name, [])

    def binds(self, name: str) -> bool:
        """Whether any cell gives a name a meaning."""
        return bool(self.rows(self.module, name))

    def cells_naming(self, words: Iterable[str]) -> tuple[list[int], set[str]]:
        """The cells that hold any of some identifiers, or another name that a cell gave to one.

        Args:
            words: Identifiers, such as the last parts of functions' dotted names.

        Returns:
            The cells' numbers in order; the identifiers and their other names.
        """
        found: set[int] = set()
        known: set[str] = set()
        new = set(words)
        while new:
            known |= new
            found |= self._walk_cells_naming(new)
            new = {alias for alias, meant in self._aliases.items() if meant & known} - known
        return sorted(found), known

    @cached_property
    def _occurrences(self) -> Occurrences:
        return Occurrences([cell.fragment.text for cell in self.program.cells])

    def _walk_cells_naming(self, words: Iterable[str]) -> set[int]:
        found = self._occurrences.naming(words)
        for index in found:
            self._walked(index)
        return found

    def _walked(self, index: int) -> None:
        if index in self._calls:
            return
        self._calls[index], self._references[index] = [], []
        cell = self.program.cells[index]
        if cell.tree is not None:
            self._walk(cell, index)
        elif cell.is_python:
            self._imports_of_text(cell, index)
        # Cells are walked in any order: what they add to a name that was looked for has to be put in its place.
        for name in self._looked_for & self.module.bindings.keys():
            self.module.bindings[name].sort(key=lambda binding: binding.order)

    def _alias(self, alias: str, value: ast.expr) -> None:
        """Note that a name may stand for what an expression names: ``load = pickle.load``."""
        match value:
            case ast.Name(id=word) | ast.Attribute(attr=word):
                self._aliases.setdefault(alias, set()).add(word)
            case ast.Call(func=ast.Name(id="getattr" | "partial") | ast.Attribute(attr="partial")):
                for each in value.args:
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        self._aliases.setdefault(alias, set()).add(each.value)
                    elif isinstance(each, ast.Name | ast.Attribute):
                        self._alias(alias, each)

    def _walk(self, cell: CodeCell, index: int) -> None:
        stack: list[tuple[ast.AST, Scope]] = [(cell.tree or ast.Module([], []), self.module)]
        while stack:
            node, scope = stack.pop()
            inner = scope
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                inner = self._function(node, scope, cell, index)
                outer = [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
                outer += [] if isinstance(node, ast.Lambda) else node.decorator_list
                stack.extend((child, scope) for child in reversed(outer))
                body = [node.body] if isinstance(node, ast.Lambda) else node.body
                stack.extend((child, inner) for child in reversed(body))
                continue
            # Told by the class alone, the commonest first: this is the innermost loop.
            if isinstance(node, _USES):
                self._use(node, scope, cell, index)
            elif isinstance(node, _BINDERS):
                self._bind(node, scope, cell, index)
            if isinstance(node, _SCOPES):
                inner = Scope(scope, is_class=isinstance(node, ast.ClassDef))
            stack.extend((child, inner) for child in reversed(children(node)))

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope, cell: CodeCell, index: int
    ) -> Scope:
        outer = scope.parent if scope.is_class and scope.parent is not None else scope
        inner = Scope(outer)
        order = (index, node.lineno, node.col_offset)
        arguments = node.args
        given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        for argument in given:
            if argument is not None:
                inner.bind(argument.arg, Binding(order, None, None, cell))
        if not isinstance(node, ast.Lambda):
            scope.bind(node.name, Binding(order, None, None, cell))
        return inner

    def _bind(self, node: ast.AST, scope: Scope, cell: CodeCell, index: int) -> None:
        match node:
            case ast.Import():
                self._import(node, scope, cell, index)
            case ast.ImportFrom():
                self._from(node, scope, cell, index)
            case ast.Assign() | ast.AnnAssign() | ast.NamedExpr():
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    self._assign(target, node.value, scope, cell, index)
            case ast.withitem(context_expr=given, optional_vars=ast.Name() as target):
                self._open(target, given, scope, cell, index)
            case ast.For(target=ast.Name() as target, iter=given):
                self._open(target, given, scope, cell, index)
            case ast.ClassDef():
                self._class(node, scope, cell, index)
            case ast.ExceptHandler(name=str(name)):
                scope.bind(name, Binding((index, node.lineno, node.col_offset), None, None, cell))

    def _class(self, node: ast.ClassDef, scope: Scope, cell: CodeCell, index: int) -> None:
        # A subclass of Unpickler that doesn't say which classes may be found loads as its base does.
        restricts = any(isinstance(each, ast.FunctionDef) and each.name == "find_class" for each in node.body)
        base = node.bases[0] if node.bases and not restricts else None
        if base is not None:
            self._alias(node.name, base)
        scope.bind(node.name, Binding((index, node.lineno, node.col_offset), None, base, cell))

    def _use(self, node: ast.Call | ast.Name | ast.Attribute, scope: Scope, cell: CodeCell, index: int) -> None:
        if isinstance(node, ast.Call):
            self._calls[index].append(Use(node, scope, cell, (index, node.lineno, node.col_offset)))
        elif isinstance(node.ctx, ast.Load):
            self._references[index].append(Use(node, scope, cell, (index, node.lineno, node.col_offset)))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self._store(node, scope, cell, index)

    def _store(self, node: ast.Name, scope: Scope, cell: CodeCell, index: int) -> None:
        """A name bound in some other way: a loop over tuples, a comprehension."""
        order = (index, node.lineno, node.col_offset)
        if not any(binding.order == order for binding in scope.bindings.get(node.id, ())[-1:]):
            scope.bind(node.id, Binding(order, None, None, cell))

    def _import(self, node: ast.Import, scope: Scope, cell: CodeCell, index: int) -> None:
        for alias in node.names:
            if alias.asname:
                self._aliases.setdefault(alias.asname, set()).add(alias.name.rpartition(".")[2])
            name = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else name
            scope.bind(name, Binding((index, node.lineno, node.col_offset), target, None, cell))

    def _open(self, target: ast.Name, value: ast.expr, scope: Scope, cell: CodeCell, index: int) -> None:
        scope.bind(target.id, Binding((index, target.lineno, target.col_offset), None, value, cell, opened=True))

    def _from(self, node: ast.ImportFrom, scope: Scope, cell: CodeCell, index: int) -> None:
        module = node.module or ""
        for alias in node.names:
            if alias.name == "*":
                self._star(module)
            else:
                if alias.asname:
                    self._aliases.setdefault(alias.asname, set()).add(alias.name)
                order = (index, node.lineno, node.col_offset)
                scope.bind(alias.asname or alias.name, Binding(order, f"{module}.{alias.name}", None, cell))

    def _star(self, module: str) -> None:
        if module not in self.stars:
            self.stars.append(module)

    def _assign(self, target: ast.expr, value: ast.expr | None, scope: Scope, cell: CodeCell, index: int) -> None:
        if value is None:
            return
        if isinstance(target, ast.Name):
            self._alias(target.id, value)
            scope.bind(target.id, Binding((index, target.lineno, target.col_offset), None, value, cell))
        elif isinstance(target, (ast.Tuple, ast.List)):
            values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
            for i, item in enumerate(target.elts):
                if isinstance(item, ast.Name):
                    given = values[i] if len(values) == len(target.elts) else None
                    order = (index, item.lineno, item.col_offset)
                    scope.bind(item.id, Binding(order, None, given, cell))

    def _imports_of_text(self, cell: CodeCell, index: int) -> None:
        for alias, target, offset in python_imports(cell.fragment.text):
            if alias == "*":
                self._star(target)
                continue
            self._aliases.setdefault(alias, set()).add(target.rpartition(".")[2])
            line = cell.fragment.text.count("\n", 0, offset) + 1
            self.module.bind(alias, Binding((index, line, 0), target, None, cell))
