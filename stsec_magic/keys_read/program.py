"""A program's reads of ``st.secrets`` and of the environment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from stsec_magic.keys_read.asked import KeyRead, KeysRead, Need, Store
from stsec_magic.notebook.read import RawNotebook
from stsec_magic.source.names import Names
from stsec_magic.source.program import CodeCell, Program
from stsec_magic.source.scopes import Use, may_name

_WORDS = ("secrets", "environ", "getenv", "putenv")
_STORES = {"streamlit.secrets": Store.SECRETS, "st.secrets": Store.SECRETS, "os.environ": Store.ENVIRON}
_WHOLE = frozenset("keys values items copy to_dict".split())
_SETTING = frozenset(("setdefault", "update"))


class Keys:
    """Reads one program."""

    def __init__(self, raw: RawNotebook, program: Program) -> None:
        """Take a file, and the program in it."""
        self._names = Names(program)
        self._asked: set[tuple[Store, tuple[str, ...]]] = set()
        self._doubted: set[str] = set()
        self._doubts_all: set[Store] = set()
        self._parents: dict[int, ast.AST] = {}
        self._found = KeysRead(raw)

    def found(self) -> KeysRead:
        """All that it asks for."""
        numbers, words = self._names.cells_naming(_WORDS)
        cells = self._names.program.cells
        for number in numbers:
            tree = cells[number].tree or cells[number].mended
            if tree is not None:
                self._parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
                for use in self._names.references(number):
                    if may_name(use.node, words):
                        self._look_at(use)
        stores: dict[str, set[Store]] = {}
        for each in self._found.reads:
            stores.setdefault(each.key[0], set()).add(each.store)
        self._doubted |= {key for key, several in stores.items() if len(several) > 1}
        self._found.reads = [self._settled(each) for each in self._found.reads]
        return self._found

    def _settled(self, each: KeyRead) -> KeyRead:
        """Whoever asks whether a key is there has something else to go on with; so may have who looks in two places."""
        if any((each.store, each.key[:i]) in self._asked for i in range(1, len(each.key) + 1)):
            return replace(each, need=Need.NOTHING)
        is_doubted = each.key[0] in self._doubted or each.store in self._doubts_all
        return replace(each, need=Need.NONE) if is_doubted and each.need is Need.ERROR else each

    def _look_at(self, use: Use) -> None:
        name = self._names.qualified(use.node, use.scope, use.order) or ""
        parent = self._parents.get(id(use.node))
        if name in _STORES:
            self._store(use, _STORES[name], parent)
        elif isinstance(parent, ast.Call) and parent.func is use.node:
            if name == "os.getenv":
                self._got(use.cell, Store.ENVIRON, parent)
            elif name == "os.putenv":
                self._put(parent.args[:1])

    def _store(self, use: Use, store: Store, parent: ast.AST | None) -> None:
        match parent:
            case ast.Subscript(slice=ast.Constant(value=str(key)), ctx=ast.Load()):
                self._read(use.cell, store, key, parent, Need.ERROR)
            case ast.Subscript(slice=key, value=value, ctx=ast.Store()) if value is use.node:
                self._put([key])
            case ast.Attribute(attr=attribute, ctx=ast.Load()):
                outer = self._parents.get(id(parent))
                if isinstance(outer, ast.Call) and outer.func is parent:
                    self._method(use.cell, store, attribute, outer)
                elif store is Store.SECRETS:
                    self._read(use.cell, store, attribute, parent, Need.ERROR)
                else:
                    self._found.whole.add(store)
            case ast.Compare(ops=[ast.In() | ast.NotIn()]):
                self._asks(store, (), parent)
            case ast.Call(func=ast.Name(id="hasattr"), args=[_, ast.Constant(value=str(key))]):
                self._asked.add((store, (key,)))
            case ast.Assign(targets=[ast.Name()]) | ast.NamedExpr():
                pass  # another name for it, which is followed
            case _:
                self._found.whole.add(store)

    def _asks(self, store: Store, above: tuple[str, ...], comparison: ast.Compare) -> None:
        """``"KEY" in st.secrets``, or ``any(name not in st.secrets for name in names)``."""
        match comparison.left:
            case ast.Constant(value=str(key)):
                self._asked.add((store, (*above, key)))
            case _:
                self._doubts_all.add(store)
                self._found.whole.add(store)

    def _method(self, cell: CodeCell, store: Store, method: str, call: ast.Call) -> None:
        if method in ("get", "pop"):
            self._got(cell, store, call)
        elif method in _SETTING:
            given = call.args[:1]
            if method == "update":
                given = [key for each in given for key in _keys_in(each)]
                given += [ast.Constant(each.arg) for each in call.keywords]
            self._put(given)
        elif method == "keys" and isinstance(outer := self._parents.get(id(call)), ast.Compare):
            self._asks(store, (), outer)
        elif method in _WHOLE or method.startswith("__"):
            self._found.whole.add(store)

    def _got(self, cell: CodeCell, store: Store, call: ast.Call) -> None:
        match call.args:
            case [ast.Constant(value=str(key))]:
                self._read(cell, store, key, call, Need.NOTHING if _values(call, "default") else Need.NONE)
            case [ast.Constant(value=str(key)), default]:
                is_none = isinstance(default, ast.Constant) and default.value is None
                self._read(cell, store, key, call, Need.NONE if is_none else Need.NOTHING)
            case _:
                self._found.whole.add(store)

    def _read(self, cell: CodeCell, store: Store, key: str, node: ast.expr, need: Need) -> None:
        path = [key]
        while need is Need.ERROR and store is Store.SECRETS:
            outer = self._parents.get(id(node))
            match outer:
                case ast.Subscript(slice=ast.Constant(value=str(below)), ctx=ast.Load()):
                    path.append(below)
                case ast.Attribute(attr=below, ctx=ast.Load()) if not self._is_called(outer):
                    path.append(below)
                case _:
                    break
            node = outer
        outer = self._parents.get(id(node))
        if isinstance(outer, ast.Compare) and outer.left is not node and isinstance(outer.ops[0], ast.In | ast.NotIn):
            self._asks(store, tuple(path), outer)  # "password" in st.secrets["db"]
        if need is Need.NONE:
            self._doubted.add(key)
        if self._has_other(node, need):
            if need is Need.NONE:
                self._asked.add((store, (key,)))
            need = Need.NOTHING
        self._found.reads.append(KeyRead(store, tuple(path), need, cell.fragment, *cell.span(node)))

    def _is_called(self, node: ast.AST) -> bool:
        outer = self._parents.get(id(node))
        return isinstance(outer, ast.Call) and outer.func is node

    def _has_other(self, node: ast.AST, need: Need) -> bool:
        """Whether the code has an answer to a key that isn't there."""
        for inner, outer in self._upward(node):
            match outer:
                case ast.BoolOp(op=ast.Or()) | ast.IfExp():
                    return True
                case ast.Try(body=body, handlers=[_, *_]) if inner in body:
                    return True
                case ast.With(items=items) if any(map(_suppresses, items)):
                    return True
                case ast.If(test=test) if test is inner and need is Need.NONE:
                    return True
        return False

    def _upward(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        outer = self._parents.get(id(node))
        while outer is not None:
            yield node, outer
            node, outer = outer, self._parents.get(id(outer))

    def _put(self, keys: list[ast.expr]) -> None:
        for each in keys:
            if isinstance(each, ast.Constant):
                self._found.put.add(str(each.value))
            else:
                self._found.puts_any = True


def _suppresses(item: ast.withitem) -> bool:
    """Whether it is ``suppress(KeyError)``."""
    match item.context_expr:
        case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress")):
            return True
    return False


def _keys_in(node: ast.expr) -> list[ast.expr]:
    """The keys of a dict that is written out; what can't be told stands for itself."""
    return [key or node for key in node.keys] if isinstance(node, ast.Dict) else [node]


def _values(call: ast.Call, name: str) -> list[ast.expr]:
    return [each.value for each in call.keywords if each.arg == name]
