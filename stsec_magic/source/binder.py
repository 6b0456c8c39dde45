"""One walk through a cell: what it binds, calls, reads and assigns."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from stsec_magic.source.program import CodeCell, children
from stsec_magic.source.scopes import Binding, Function, Order, Scope, Use
from stsec_magic.source.textimports import python_imports

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_BRANCHES = (ast.If, ast.For, ast.While, ast.Try, ast.TryStar, ast.AsyncFor, ast.Match)
_WITH = (ast.With, ast.AsyncWith)
_USES = (ast.Name, ast.Attribute, ast.Call)
_ADDING = frozenset("append appendleft extend insert add put put_nowait setdefault update".split())
_BINDERS = (
    ast.Import,
    ast.ImportFrom,
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.NamedExpr,
    ast.withitem,
    ast.For,
    ast.AsyncFor,
    ast.comprehension,
    ast.ExceptHandler,
    ast.MatchAs,
    ast.MatchStar,
    ast.MatchMapping,
    ast.Global,
    ast.Nonlocal,
)


@dataclass(slots=True)
class Collected:
    """What the walks of all cells have found so far.

    Attributes:
        calls: By cell, all calls.
        named_calls: By the last part of what is called, all calls.
        references: By cell, all names and attributes that are read.
        aliases: By name, the last parts of what it may stand for.
        stars: Modules of which everything is imported.
        assigned: By attribute or constant key, what was assigned to it.
        functions: By name, the scopes of all functions and methods.
        lambdas: By the id of their nodes, the scopes of all others.
    """

    calls: dict[int, list[Use]] = field(default_factory=dict)
    named_calls: dict[str, list[Use]] = field(default_factory=dict)
    references: dict[int, list[Use]] = field(default_factory=dict)
    aliases: dict[str, set[str]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    assigned: dict[str, list[Use]] = field(default_factory=dict)
    functions: dict[str, list[Scope]] = field(default_factory=dict)
    lambdas: dict[int, Scope] = field(default_factory=dict)


class Binder:
    """Walks one cell."""

    def __init__(self, cell: CodeCell, index: int, module: Scope, found: Collected) -> None:
        """Take a cell.

        Args:
            cell: The cell.
            index: Its number among the program's cells.
            module: The scope that all cells share.
            found: Gets what is found.
        """
        self._cell = cell
        self._index = index
        self._module = module
        self._found = found
        self._calls: list[Use] = []
        self._references: list[Use] = []
        found.calls[index], found.references[index] = self._calls, self._references

    def collect(self) -> None:
        """Walk; a cell that doesn't parse gives what can be saved of it."""
        tree = self._cell.tree or self._cell.mended
        if tree is not None:
            self._walk(tree)
        if self._cell.tree is None and self._cell.is_python:
            self._imports_of_text()

    def _walk(self, tree: ast.Module) -> None:
        stack: list[tuple[ast.AST, Scope, bool]] = [(tree, self._module, False)]
        while stack:
            node, scope, branch = stack.pop()
            inner = scope
            if isinstance(node, Function):
                inner = self._function(node, scope, branch=branch)
                outer = [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
                outer += [] if isinstance(node, ast.Lambda) else node.decorator_list
                stack.extend((child, scope, branch) for child in reversed(outer))
                body = [node.body] if isinstance(node, ast.Lambda) else node.body
                stack.extend((child, inner, False) for child in reversed(body))
                continue
            # Told by the class alone, the commonest first: this is the innermost loop.
            if isinstance(node, _USES):
                self._use(node, scope, branch=branch)
            elif isinstance(node, _BINDERS):
                self._bind(node, scope, branch=branch)
            elif isinstance(node, ast.ClassDef):
                inner = self._class(node, scope, branch=branch)
            elif isinstance(node, _COMPREHENSIONS):
                inner = Scope(scope)
            branch = branch or isinstance(node, _BRANCHES) or (isinstance(node, _WITH) and _is_cut_short(node))
            stack.extend((child, inner, branch) for child in reversed(children(node)))

    def _order(self, node: ast.stmt | ast.expr | ast.ExceptHandler | ast.pattern) -> Order:
        return self._index, node.lineno, node.col_offset

    def _function(self, node: Function, scope: Scope, *, branch: bool) -> Scope:
        outer = scope.parent if scope.is_class and scope.parent is not None else scope
        order = self._order(node)
        owner = scope if scope.is_class else None
        inner = Scope(outer, definition=node, owner=owner, cell=self._cell, order=order)
        defaults = _defaults(node.args)
        for argument in _parameters(node.args):
            value = defaults.get(argument)
            inner.bind(argument, Binding(order, None, value, self._cell, parameter=True))
        if isinstance(node, ast.Lambda):
            self._found.lambdas[id(node)] = inner
        else:
            self._found.functions.setdefault(node.name, []).append(inner)
            scope.bind(node.name, Binding(order, None, None, self._cell, branch=branch, inner=inner))
        return inner

    def _class(self, node: ast.ClassDef, scope: Scope, *, branch: bool) -> Scope:
        # A subclass of Unpickler that doesn't say which classes may be found loads as its base does.
        restricts = any(isinstance(each, ast.FunctionDef) and each.name == "find_class" for each in node.body)
        base = node.bases[0] if node.bases and not restricts else None
        if base is not None:
            self._alias(node.name, base)
        inner = Scope(scope, is_class=True, definition=node, cell=self._cell, order=self._order(node))
        scope.bind(node.name, Binding(self._order(node), None, base, self._cell, branch=branch, inner=inner))
        return inner

    def _bind(self, node: ast.AST, scope: Scope, *, branch: bool) -> None:
        match node:
            case ast.Import():
                self._import(node, scope, branch=branch)
            case ast.ImportFrom():
                self._from(node, scope, branch=branch)
            case ast.Assign() | ast.AnnAssign():
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    self._assign(target, node.value, scope, branch=branch)
            case ast.withitem(context_expr=given, optional_vars=ast.expr() as target):
                self._unpack(target, given, scope, branch=branch)
            case ast.For(target=target, iter=given) | ast.AsyncFor(target=target, iter=given):
                self._unpack(target, given, scope, branch=True)
            case ast.comprehension(target=target, iter=given):
                self._unpack(target, given, scope, branch=False)
            case _:
                self._bind_anew(node, scope, branch=branch)

    def _bind_anew(self, node: ast.AST, scope: Scope, *, branch: bool) -> None:
        match node:
            case ast.AugAssign(target=ast.Name(id=name, lineno=line, col_offset=column) as target):
                # data += chunk: what it was, and what is added.
                before = ast.Name(name, ast.Load(), lineno=line, col_offset=column)
                both = ast.copy_location(ast.BinOp(before, node.op, node.value), node)
                scope.bind(name, Binding(self._order(target), None, both, self._cell, branch=branch))
            case ast.NamedExpr():
                self._walrus(node, scope, branch=branch)
            case ast.Global(names=names):
                scope.elsewhere.update(dict.fromkeys(names, self._module))
            case ast.Nonlocal(names=names):
                scope.elsewhere.update({name: _around(scope, name) for name in names})
            case ast.ExceptHandler(name=str(name)):
                scope.bind(name, Binding(self._order(node), None, None, self._cell, branch=True))
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                # Right below it, where such a name is used, it is nothing else.
                scope.bind(name, Binding(self._order(node), None, None, self._cell))

    def _walrus(self, node: ast.NamedExpr, scope: Scope, *, branch: bool) -> None:
        around = scope
        while around.definition is None and around.parent is not None:
            around = around.parent
        if around is not scope:  # in a comprehension it binds a name of the scope around it
            scope.elsewhere[node.target.id] = around
        self._assign(node.target, node.value, scope, branch=branch)

    def _use(self, node: ast.Call | ast.Name | ast.Attribute, scope: Scope, *, branch: bool) -> None:
        if isinstance(node, ast.Call):
            self._add(node, scope)
            use = Use(node, scope, self._cell, self._order(node))
            self._calls.append(use)
            if isinstance(node.func, (ast.Name, ast.Attribute)):
                last = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                self._found.named_calls.setdefault(last, []).append(use)
        elif isinstance(node.ctx, ast.Load):
            self._references.append(Use(node, scope, self._cell, self._order(node)))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self._store(node, scope, branch=branch)

    def _add(self, node: ast.Call, scope: Scope) -> None:
        """``parts.append(chunk)``: what is put into a container that has a name."""
        match node.func:
            case ast.Attribute(attr=method, value=ast.Name(id=name)) if method in _ADDING and node.args:
                self._keep(f"{name}[]", node.args[-1], scope)

    def _store(self, node: ast.Name, scope: Scope, *, branch: bool) -> None:
        """A name bound in some other way: a starred target, ``+=``."""
        order = self._order(node)
        bindings = scope.elsewhere.get(node.id, scope).bindings
        if not any(binding.order == order for binding in bindings.get(node.id, ())[-1:]):
            scope.bind(node.id, Binding(order, None, None, self._cell, branch=branch))

    def _import(self, node: ast.Import, scope: Scope, *, branch: bool) -> None:
        for alias in node.names:
            if alias.asname:
                self._found.aliases.setdefault(alias.asname, set()).add(alias.name.rpartition(".")[2])
            name = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else name
            scope.bind(name, Binding(self._order(node), target, None, self._cell, branch=branch))

    def _from(self, node: ast.ImportFrom, scope: Scope, *, branch: bool) -> None:
        module = node.module or ""
        for alias in node.names:
            if alias.name == "*":
                self._star(module)
            else:
                if alias.asname:
                    self._found.aliases.setdefault(alias.asname, set()).add(alias.name)
                target = f"{module}.{alias.name}"
                scope.bind(
                    alias.asname or alias.name, Binding(self._order(node), target, None, self._cell, branch=branch)
                )

    def _star(self, module: str) -> None:
        if module not in self._found.stars:
            self._found.stars.append(module)

    def _assign(self, target: ast.expr, value: ast.expr | None, scope: Scope, *, branch: bool) -> None:
        if value is None:
            return
        match target:
            case ast.Name(id=name):
                self._alias(name, value)
                scope.bind(name, Binding(self._order(target), None, value, self._cell, branch=branch))
                if scope.is_class:
                    self._keep(name, value, scope)
            case ast.Attribute(attr=key) | ast.Subscript(slice=ast.Constant(value=str(key))):
                self._keep(key, value, scope)
            case ast.Subscript(value=ast.Name(id=name)):
                self._keep(f"{name}[]", value, scope)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
                for i, each in enumerate(targets):
                    if len(values) == len(targets):
                        self._assign(each, values[i], scope, branch=branch)
                    else:
                        self._unpack(each, value, scope, branch=branch)

    def _unpack(self, target: ast.expr, value: ast.expr, scope: Scope, *, branch: bool) -> None:
        """A target of which only what its value is taken out of is known: a loop's, a tuple's, a ``with``'s."""
        match target:
            case ast.Name(id=name):
                scope.bind(name, Binding(self._order(target), None, value, self._cell, opened=True, branch=branch))
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for each in targets:
                    self._unpack(each, value, scope, branch=branch)

    def _keep(self, key: str, value: ast.expr, scope: Scope) -> None:
        self._found.assigned.setdefault(key, []).append(Use(value, scope, self._cell, self._order(value)))

    def _alias(self, alias: str, value: ast.expr) -> None:
        """Note that a name may stand for what an expression names: ``load = pickle.load``."""
        match value:
            case ast.Name(id=word) | ast.Attribute(attr=word):
                self._found.aliases.setdefault(alias, set()).add(word)
            case ast.Call(func=ast.Name(id="getattr" | "partial") | ast.Attribute(attr="partial")):
                for each in value.args:
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        self._found.aliases.setdefault(alias, set()).add(each.value)
                    elif isinstance(each, ast.Name | ast.Attribute):
                        self._alias(alias, each)

    def _imports_of_text(self) -> None:
        for alias, target, offset in python_imports(self._cell.fragment.text):
            if alias == "*":
                self._star(target)
                continue
            self._found.aliases.setdefault(alias, set()).add(target.rpartition(".")[2])
            line = self._cell.fragment.text.count("\n", 0, offset) + 1
            self._module.bind(alias, Binding((self._index, line, 0), target, None, self._cell))


def _around(scope: Scope, name: str) -> Scope:
    """The function around another one that binds a name."""
    at = scope.parent
    while at is not None and at.parent is not None and name not in at.bindings:
        at = at.parent
    return at or scope


def _parameters(given: ast.arguments) -> list[str]:
    """The names of all parameters."""
    some = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return [each.arg for each in some if each is not None]


def _defaults(given: ast.arguments) -> dict[str, ast.expr | None]:
    """The values that parameters have where a call gives none."""
    placed = [each.arg for each in (*given.posonlyargs, *given.args)]
    named = [each.arg for each in given.kwonlyargs]
    return {
        **dict(zip(reversed(placed), reversed(given.defaults), strict=False)),
        **dict(zip(named, given.kw_defaults, strict=False)),
    }


def _is_cut_short(node: ast.With | ast.AsyncWith) -> bool:
    """Whether a block may end before its last line and the program go on: ``with suppress(ImportError):``."""
    calls = [each.context_expr.func for each in node.items if isinstance(each.context_expr, ast.Call)]
    names = [each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in calls]
    return "suppress" in names
