"""What the value of an expression is made from, told by its syntax."""

from __future__ import annotations

import ast

_MOST = 24
"""Parts of one expression that are looked at."""


def opens(node: ast.expr) -> bool:
    """Whether an expression opens or reads the file that it names."""
    match node:
        case ast.Call(func=ast.Name(id="open") | ast.Attribute(attr="open" | "read_bytes")):
            return True
    return False


def joined(node: ast.expr) -> tuple[list[ast.expr], ast.expr | None]:
    """The folders and the name of a path that is put together."""
    match node:
        case ast.Call(func=ast.Attribute(attr="join", value=ast.Attribute(attr="path")), args=[*folders, name]):
            return folders, name
        case ast.BinOp(op=ast.Div(), left=folder, right=name):
            return [folder], name
    return [], None


def parts(node: ast.expr) -> list[ast.expr]:
    """The expressions that the value of an expression is made from."""
    match node:
        case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Await(value=value):
            return [value]
        case ast.NamedExpr(value=value) | ast.Starred(value=value):
            return [value]
        case ast.Call(func=func, args=args, keywords=keywords):
            # open(path).read(), Path(folder) / name, io.BytesIO(response.content), open(file=path)
            receiver = [func.value] if isinstance(func, ast.Attribute) else []
            given = args[: _MOST if _takes_any(func) else 1] or [keyword.value for keyword in keywords[:1]]
            return [*given, *receiver]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            return values[:_MOST]
        case ast.Dict(values=values):
            return values[:_MOST]
        case ast.ListComp(elt=elt) | ast.GeneratorExp(elt=elt) | ast.SetComp(elt=elt):
            return [elt]
        case ast.JoinedStr(values=values):
            return [v.value if isinstance(v, ast.FormattedValue) else v for v in values]
        case _:
            return []


def _takes_any(func: ast.expr) -> bool:
    """Whether what a function gives may be any of its arguments."""
    return isinstance(func, ast.Name) and func.id in ("zip", "max", "min", "chain")


def every_part(node: ast.expr) -> list[ast.expr]:
    """The same with all arguments: what a path is put together from."""
    if isinstance(node, ast.Call):
        receiver = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        return [*receiver, *node.args[:_MOST], *(keyword.value for keyword in node.keywords[:_MOST])]
    return parts(node)
