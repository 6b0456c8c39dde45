"""String literals that Python's syntax ties to a name: assignments, arguments, keys, fallbacks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from stsec_magic.source.constant import constant_text
from stsec_magic.source.namedvalue import Form, NamedValue, scheme_length
from stsec_magic.source.program import CodeCell

_OPENING = re.compile(r"[A-Za-z]{0,2}(\"\"\"|'''|\"|')")
# The first of two arguments names the second: os.getenv("K", "v"), setdefault, config.set.
_NAME_LIKE = re.compile(r"[A-Za-z_][\w.\-]{1,60}")


def named_literals(cell: CodeCell, lines: Sequence[int] | None = None) -> Iterator[NamedValue]:
    """Walk the statements of a parsed cell for literals with a name.

    Args:
        cell: A code cell; one without a tree yields nothing.
        lines: Lines from 1, in order, on which a name stands; other statements are passed over. By default all.

    Yields:
        Name and literal, in no particular order.
    """
    for node in cell.nodes_on(lines):
        for name, value in _pairs(node):
            made = literal_value(cell, name, value)
            if made is not None:
                yield made


def _pairs(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign() | ast.AnnAssign() | ast.NamedExpr():
            yield from _assignment(node)
        case ast.Call():
            yield from _arguments(node)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.FunctionDef(args=args) | ast.AsyncFunctionDef(args=args) | ast.Lambda(args=args):
            yield from _defaults(args)
        case ast.BoolOp(op=ast.Or(), values=[*_, asked, last]):
            # os.environ.get("K") or "v"
            yield from _resort(asked, last)
        case ast.IfExp(body=asked, orelse=last):
            yield from _resort(asked, last)
        case ast.Compare(left=left, comparators=[right]):
            yield from _assigned(left, right)
            yield from _assigned(right, left)


def _assignment(node: ast.Assign | ast.AnnAssign | ast.NamedExpr) -> Iterator[tuple[str, ast.expr]]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    value = node.value
    if value is None and isinstance(node, ast.AnnAssign):
        # Pasted YAML parses as an annotation: token: "abc"
        value = node.annotation
    for target in targets:
        if value is not None:
            yield from _assigned(target, value)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, (ast.Tuple, ast.List)):
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
            for one, its in zip(target.elts, value.elts, strict=True):
                yield from _assigned(one, its)
        return
    name = _name(target)
    if name is not None:
        yield name, _default(value)


def _default(value: ast.expr) -> ast.expr:
    """What a field of a dataclass or of pydantic is by default: ``field(default="v")``, ``Field("v")``."""
    match value:
        case ast.Call(func=ast.Name(id="field" | "Field") | ast.Attribute(attr="field" | "Field"), args=[first, *_]):
            return first
        case ast.Call(func=ast.Name(id="field" | "Field") | ast.Attribute(attr="field" | "Field"), keywords=keywords):
            return next((each.value for each in keywords if each.arg == "default"), value)
    return value


def _resort(asked: ast.expr, last: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """A literal that stands in for what is read under a name, where it isn't there."""
    match asked:
        case ast.Subscript() | ast.Attribute():
            name = _name(asked)
        case ast.Call(args=[ast.Constant(value=str(key))]) if _NAME_LIKE.fullmatch(key):
            name = key
        case _:
            return
    if name is not None:
        yield name, last


def _name(target: ast.expr) -> str | None:
    match target:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=attr, value=ast.Name(id=owner)):
            # openai.api_key names a provider; self.token names no more than token does.
            return attr if owner in ("self", "cls") else f"{owner}.{attr}"
        case ast.Attribute(attr=attr):
            return attr
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return key
    return None


def _arguments(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value
    if len(call.args) >= 2:
        first, second = call.args[0], call.args[1]
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and _NAME_LIKE.fullmatch(first.value):
            yield first.value, second


def _defaults(args: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    positional = [*args.posonlyargs, *args.args]
    if args.defaults:
        for argument, default in zip(positional[-len(args.defaults) :], args.defaults, strict=True):
            yield argument.arg, default
    for argument, keyword_default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if keyword_default is not None:
            yield argument.arg, keyword_default


def literal_value(cell: CodeCell, name: str, value: ast.expr) -> NamedValue | None:
    """What an expression is, if literals alone make it up.

    Args:
        cell: The cell it stands in.
        name: What it is called.
        value: The expression; of ``x or "literal"`` and ``x if y else "literal"`` the last resort counts.
    """
    if isinstance(value, ast.BoolOp):
        value = value.values[-1]
    elif isinstance(value, ast.IfExp):
        value = value.body if isinstance(value.body, ast.Constant) else value.orelse
    text = constant_text(value)
    if text is None:
        return None
    start, end = cell.span(value)
    if isinstance(value, ast.Constant):
        source = cell.fragment.text[start:end]
        opening = _OPENING.match(source)
        if opening is not None and source.endswith(opening[1]) and len(source) >= opening.end() + len(opening[1]):
            start, end = start + opening.end(), end - len(opening[1])
        skipped = scheme_length(name, text)
        text, start = text[skipped:], min(start + skipped, end)
    else:
        text = text[scheme_length(name, text) :]
    return NamedValue(name, text, start, end, Form.LITERAL) if text and start < end else None
