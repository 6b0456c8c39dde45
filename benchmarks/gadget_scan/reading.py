"""One module of a library, read: what its names mean, and where the parameters of its functions go."""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from gadget_scan.taint import Flow, Taint, inside

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_BUILTINS = frozenset((*dir(builtins), "execfile", "unicode", "reduce", "apply"))


@dataclass(slots=True)
class Module:
    """What a module says of itself.

    Attributes:
        name: Its dotted name.
        names: What each name that it imports, or gives to something else, stands for.
        stars: Modules of which it takes every name.
        classes: Its classes, by their names in it, and the dotted names of their bases.
        fields: Of a dataclass, the names that its constructor takes.
        flows: Its functions and methods, by their names in it.
        assigned: Other names that it gives a value to.
    """

    name: str
    names: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    classes: dict[str, list[str]] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=set)


def read(name: str, is_package: bool, text: str) -> Module | None:
    """Read a module.

    Args:
        name: Its dotted name.
        is_package: Whether it is a package's ``__init__``.
        text: The source.

    Returns:
        None where it doesn't parse.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    module = Module(name)
    package = name if is_package else name.rpartition(".")[0]
    statements = [*_statements(tree.body)]
    for node in statements:
        _imports(module.names, module.stars, package, node)
    for node in statements:
        if isinstance(node, _Function):
            module.names.pop(node.name, None)
            _function(module, package, node, node.name)
        elif isinstance(node, ast.ClassDef):
            module.names.pop(node.name, None)
            _class(module, package, node, node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            _lambda(module, package, node, node.value)
        elif isinstance(node, ast.Assign):
            _alias(module, node)
    return module


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, those under ``if``, ``try`` and ``with`` too."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody"):
            if not isinstance(node, _Function | ast.ClassDef):
                yield from _statements(getattr(node, part, []))
        for handler in getattr(node, "handlers", []):
            yield from _statements(handler.body)


def _imports(names: dict[str, str], stars: list[str], package: str, node: ast.AST) -> None:
    if isinstance(node, ast.Import):
        for each in node.names:
            names[each.asname or each.name.partition(".")[0]] = (
                each.name if each.asname else each.name.partition(".")[0]
            )
    elif isinstance(node, ast.ImportFrom):
        base = package.split(".")
        base = base[: len(base) - node.level + 1] if node.level else []
        source = ".".join((*base, *((node.module or "").split(".") if node.module else [])))
        for each in node.names:
            if each.name == "*":
                stars.append(source)
            else:
                names[each.asname or each.name] = f"{source}.{each.name}"


def _lambda(module: Module, package: str, node: ast.Assign, value: ast.Lambda) -> None:
    """``run = lambda text: eval(text)``."""
    for target in node.targets:
        if isinstance(target, ast.Name):
            body: list[ast.stmt] = [ast.Return(value.body)]
            _function(module, package, ast.FunctionDef(target.id, value.args, body, [], None), target.id)


def _alias(module: Module, node: ast.Assign) -> None:
    """``load = _load``, ``read_table = partial(_read, sep=...)``, ``load = decorated(_load)``."""
    value = node.value
    if isinstance(value, ast.Call) and value.args and isinstance(value.func, ast.Name | ast.Attribute):
        wraps = value.func.id if isinstance(value.func, ast.Name) else value.func.attr
        value = value.args[0] if wraps in ("partial", "wraps", "staticmethod", "deprecated") else value
    meant = _dotted(module, {}, value)
    for target in node.targets:
        for each in ast.walk(target):
            if isinstance(each, ast.Name):
                module.assigned.add(each.id)
                if meant is not None and isinstance(target, ast.Name) and meant != f"{module.name}.{each.id}":
                    module.names.setdefault(each.id, meant)


def _dotted(module: Module, local: dict[str, str], node: ast.AST) -> str | None:
    """The dotted name of an expression, by the names of its module and function."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    head = local.get(node.id) or module.names.get(node.id)
    if head is None and (node.id not in _BUILTINS or node.id in module.flows or node.id in module.classes):
        head = f"{module.name}.{node.id}"
    return ".".join((head or f"builtins.{node.id}", *reversed(parts)))


def _function(module: Module, package: str, node: _Function, name: str) -> None:
    local: dict[str, str] = {}
    nested: list[_Function] = []
    for each in inside(node):
        _imports(local, [], package, each)
        if isinstance(each, _Function):
            nested.append(each)
            local[each.name] = f"{module.name}.{name}.<in>.{each.name}"
    owner = name.rpartition(".")[0]

    def dotted(expression: ast.expr) -> str | None:
        key = expression
        if isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name) and key.value.id in ("self", "cls"):
            return f"{module.name}.{owner}.{key.attr}" if owner else None
        return _dotted(module, local, expression)

    flow = Taint(node, dotted).run()
    # What a function within it does with what the outer one was given.
    for inner in nested[:20]:
        inner.args.kwonlyargs = [*inner.args.kwonlyargs, *_free(node, inner)]
        inner.args.kw_defaults = [*inner.args.kw_defaults, *[None] * 50]
        flow.calls += [call for call in Taint(inner, dotted).run().calls if _only(call, flow.params)]
    module.flows[name] = flow


def _free(outer: _Function, inner: _Function) -> list[ast.arg]:
    own = {each.arg for each in (*inner.args.args, *inner.args.kwonlyargs, *inner.args.posonlyargs)}
    given = (*outer.args.args, *outer.args.kwonlyargs, *outer.args.posonlyargs)
    return [ast.arg(each.arg) for each in given if each.arg not in own]


def _only(call: object, params: list[str]) -> bool:
    """Leaves in a call of an inner function what the outer one's parameters have in it."""
    known = frozenset(params)
    arguments = {place: kept for place, each in call.arguments.items() if (kept := each & known)}  # type: ignore[attr-defined]
    call.arguments = arguments  # type: ignore[attr-defined]
    call.on &= known  # type: ignore[attr-defined]
    call.named &= known  # type: ignore[attr-defined]
    return bool(arguments or call.on or call.named)  # type: ignore[attr-defined]


def _class(module: Module, package: str, node: ast.ClassDef, name: str) -> None:
    module.classes[name] = [meant for base in node.bases if (meant := _dotted(module, {}, base)) is not None]
    if any("dataclass" in ast.dump(each) for each in node.decorator_list):
        module.fields[name] = [
            each.target.id
            for each in node.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        ]
    for each in _statements(node.body):
        if isinstance(each, _Function):
            _function(module, package, each, f"{name}.{each.name}")
        elif isinstance(each, ast.ClassDef):
            _class(module, package, each, f"{name}.{each.name}")
