"""What of an expression can be read where it is shown: ``key`` in ``f"it is {key}"``, nothing in ``len(key)``."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator

SAME_METHODS = frozenset(
    "strip lstrip rstrip encode decode upper lower title copy to_dict format join getvalue items values".split()
)
"""Methods whose result still shows the whole of what they are called on."""

NAMES_ALONE = frozenset("list tuple set sorted frozenset enumerate reversed iter".split())
"""Functions that take the keys of a mapping and leave its values."""

_SAME_FUNCTIONS = frozenset(
    "str repr ascii bytes bytearray dict format dumps pformat quote quote_plus Markdown HTML Code JSON Pretty "
    "SimpleNamespace dedent Text Panel Series DataFrame loads b64encode b64decode urlsafe_b64encode "
    "urlsafe_b64decode".split()
)
_MADE_OF: dict[type[ast.expr], str] = {
    ast.JoinedStr: "values", ast.Tuple: "elts", ast.List: "elts", ast.Set: "elts", ast.Dict: "values",
    ast.Starred: "value", ast.NamedExpr: "value", ast.Await: "value", ast.ListComp: "elt", ast.SetComp: "elt",
    ast.GeneratorExp: "elt", ast.DictComp: "value",
}  # fmt: skip
_CUT = re.compile(r".{0,40}\.\d")
"""A format that keeps a few characters alone: ``{api_key:.4}``."""

_MOST = 200


def parts(node: ast.expr) -> list[ast.expr]:
    """What an expression is made of that can be read in it whole; empty where it isn't made of parts.

    Args:
        node: The expression. A name, an attribute or a key stands for itself.
    """
    field = _MADE_OF.get(type(node))
    if field is not None:
        found = getattr(node, field)
        return [*found] if isinstance(found, list) else [found]
    match node:
        case ast.FormattedValue(value=value, format_spec=spec):
            return [] if spec is not None and _is_cut(spec) else [value]
        case ast.BoolOp(op=op, values=values):
            return [*values] if isinstance(op, ast.Or) else values[-1:]
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Mod() | ast.BitOr()):
            return [left, right]
        case ast.Call():
            return _of_call(node)
    return []


def _of_call(call: ast.Call) -> list[ast.expr]:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _SAME_FUNCTIONS | NAMES_ALONE and given:
            # "{}".format(api_key) is a method, and what it is called on is shown as well.
            receiver = [call.func.value] if name == "format" and isinstance(call.func, ast.Attribute) else []
            return [*receiver, *given]
        case ast.Attribute(attr=name, value=receiver) if name in SAME_METHODS:
            return [receiver, *given] if name == "join" else [receiver]
    return []


def _is_cut(spec: ast.expr) -> bool:
    match spec:
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return _CUT.match(text) is not None
    return False


def names_in(node: ast.expr) -> Iterator[str]:
    """The identifiers that decide what is read in an expression.

    Args:
        node: The expression.

    Yields:
        Of ``f"{os.environ['KEY']} {len(token)}"``: ``environ``, ``os`` and ``len``.
    """
    stack = [node]
    for _ in range(_MOST):
        if not stack:
            return
        at = stack.pop()
        stack += parts(at)
        match at:
            case ast.Name(id=name):
                yield name
            case ast.Attribute(attr=name, value=value):
                yield name
                stack.append(value)
            case ast.Subscript(value=value, slice=key):
                if not isinstance(key, ast.Slice):
                    stack.append(value)
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value
            case ast.Call(func=func):
                stack.append(func)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                stack += [each.iter for each in at.generators]


def mentions(node: ast.expr, words: Container[str]) -> bool:
    """Whether an expression may show what any of some identifiers stands for; told without resolving them.

    Args:
        node: The expression.
        words: The identifiers.
    """
    return any(name in words for name in names_in(node))
