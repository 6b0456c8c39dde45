"""What of an expression can be read where it is shown: ``key`` in ``f"it is {key}"``, nothing in ``len(key)``."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator

from stsec_magic.rules.displayed.cuts import formatted, is_cut, leaves_most, takes_little, uncut

SAME_METHODS = frozenset(
    "strip lstrip rstrip encode decode upper lower title copy to_dict format join getvalue items values "
    "casefold swapcase center ljust rjust zfill hex split rsplit splitlines removeprefix removesuffix "
    "head tail to_frame to_string to_markdown to_html to_json model_dump model_dump_json dict json".split()
)
"""Methods whose result still shows the whole of what they are called on, or nearly."""

NAMES_ALONE = frozenset("list tuple set sorted frozenset enumerate reversed iter".split())
"""Functions that take the keys of a mapping and leave its values."""

_SAME_FUNCTIONS = frozenset(
    "str repr ascii bytes bytearray dict format dumps pformat quote quote_plus Markdown HTML Code JSON Pretty "
    "SimpleNamespace vars dedent Text Panel Series DataFrame from_dict loads b64encode b64decode urlsafe_b64encode "
    "urlsafe_b64decode deepcopy OrderedDict".split()
)
_MADE_OF: dict[type[ast.expr], str] = {
    ast.JoinedStr: "values", ast.Tuple: "elts", ast.List: "elts", ast.Set: "elts", ast.Dict: "values",
    ast.Starred: "value", ast.NamedExpr: "value", ast.Await: "value", ast.ListComp: "elt", ast.SetComp: "elt",
    ast.GeneratorExp: "elt", ast.DictComp: "value",
}  # fmt: skip
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
            return [] if spec is not None and is_cut(spec) else [value]
        case ast.BoolOp(op=op, values=values):
            return [*values] if isinstance(op, ast.Or) else values[-1:]
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BinOp(left=left, right=right, op=ast.Mod()):
            return [left, *uncut(left, right)]
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.BitOr()):
            return [left, right]
        case ast.Subscript(value=value, slice=ast.Slice() as given) if leaves_most(given):
            return [value]
        case ast.Call():
            return _of_call(node)
    return []


def _of_call(call: ast.Call) -> list[ast.expr]:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    match call.func:
        case ast.Attribute(attr="format", value=receiver) if given:
            # "{}".format(api_key) is a method, and what it is called on is shown as well.
            return [receiver, *formatted(receiver, call)]
        case ast.Attribute(attr="replace", value=receiver):
            return [receiver] if takes_little(call) else []
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _SAME_FUNCTIONS | NAMES_ALONE and given:
            return given
        case ast.Attribute(attr="model_dump" | "model_dump_json" | "dict" | "json") if call.keywords:
            return []  # exclude={"api_key"}
        case ast.Attribute(attr=name, value=receiver) if name in SAME_METHODS:
            return [receiver, *given] if name == "join" else [receiver]
    return []


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
        stack += [*parts(at), *_beside(at)]
        match at:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case (
                ast.Subscript(slice=ast.Constant(value=str(key)))
                | ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_])
            ):
                yield key


def _beside(node: ast.expr) -> list[ast.expr]:
    """What decides what is read in an expression, and isn't a part of it."""
    match node:
        case ast.Attribute(value=value) | ast.Call(func=value):
            return [value]
        case ast.Subscript(value=value, slice=key):
            return [] if isinstance(key, ast.Slice) else [value]
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            return [each.iter for each in node.generators]
    return []


def mentions(node: ast.expr, words: Container[str]) -> bool:
    """Whether an expression may show what any of some identifiers stands for; told without resolving them.

    Args:
        node: The expression.
        words: The identifiers.
    """
    return any(name in words for name in names_in(node))
