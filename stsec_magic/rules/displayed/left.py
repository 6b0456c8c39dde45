"""What is left of a secret in what is made of it: ``sorted(os.environ)`` holds names alone, ``{**cfg, ...}`` less."""

from __future__ import annotations

import ast
from dataclasses import replace

from stsec_magic.rules.displayed.sources import Form, Read
from stsec_magic.rules.displayed.values import NAMES_ALONE, parts

NOTHING: frozenset[str] = frozenset()
_COPIES = frozenset("dict copy deepcopy to_dict OrderedDict".split())
_PARSERS = frozenset(("loads",))
_SAME = ast.BoolOp | ast.IfExp | ast.NamedExpr | ast.Await


def labelled(node: ast.expr, called: str, without: frozenset[str]) -> list[tuple[str, ast.expr]]:
    """The parts of an expression, with the names that a literal in their place would have.

    Args:
        node: The expression.
        called: Its own name.
        without: Keys whose values were replaced since.
    """
    if isinstance(node, ast.Dict):
        rows = [(_key(key), value) for key, value in zip(node.keys, node.values, strict=True)]
        return [(key, value) for key, value in rows if key not in without]
    is_same = isinstance(node, _SAME | ast.Call)
    return [(called if is_same else "", part) for part in parts(node)]


def without_in(node: ast.expr, part: ast.expr, without: frozenset[str]) -> frozenset[str]:
    """The keys that a part of an expression no longer gives the values of.

    Args:
        node: The expression.
        part: The part.
        without: The keys that the expression doesn't give the values of.
    """
    match node:
        case ast.Dict(keys=keys, values=values):
            rows = [*zip(keys, values, strict=True)]
            # {**cfg, "password": "***"}
            at = next((i for i, (key, value) in enumerate(rows) if value is part and key is None), None)
            return NOTHING if at is None else without.union(_key(key) for key, _ in rows[at + 1 :]) - {""}
        case ast.Call() if _last(node) in _COPIES:
            return without.union(each.arg for each in node.keywords if each.arg is not None)
        case ast.Call(func=ast.Attribute(attr="items" | "values")):
            return without
        case ast.BinOp(op=ast.BitOr(), left=left, right=ast.Dict(keys=keys)) if part is left:
            return without.union(map(_key, keys)) - {""}
    return without if isinstance(node, _SAME) else NOTHING


def after(node: ast.expr, found: Read) -> Read | None:
    """What is left of a part's secret in the whole.

    Args:
        node: The whole.
        found: The secret in the part.
    """
    match node:
        case ast.Dict() | ast.DictComp():
            return found if found.form is Form.SECTION else _as(found, Form.MAPPING)
        case ast.Starred():
            return None if found.is_mapping else _as(found, Form.TEXT)
        case ast.Call():
            return _after_call(node, found)
        case ast.BinOp(op=ast.BitOr()):
            return found
    return found if isinstance(node, _SAME) else _as(found, Form.TEXT)


def _after_call(call: ast.Call, found: Read) -> Read | None:
    last = _last(call)
    if last in _COPIES:
        return found
    if (last in NAMES_ALONE and isinstance(call.func, ast.Name)) or last == "join":
        return None if found.is_mapping else replace(found, form=Form.TEXT)
    if last in ("items", "values") and isinstance(call.func, ast.Attribute):
        return found if found.is_silent else replace(found, form=Form.TEXT)
    if last in _PARSERS:
        return _as(found, Form.PARSED, fields=NOTHING)
    return _as(found, Form.TEXT)


def _as(found: Read, form: Form, fields: frozenset[str] | None = None) -> Read | None:
    """The same in another form; nothing of what isn't read where it is shown."""
    if found.is_silent:
        return None
    return replace(found, form=form, fields=found.fields if fields is None else fields)


def _last(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _key(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
