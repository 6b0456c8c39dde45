"""The text that an expression of literals alone gives: joined, decoded, turned round. Nothing is run.

People who know that a key shouldn't stand in their code write it in two halves, or in base64.
"""

from __future__ import annotations

import ast
import base64
import binascii
from collections.abc import Callable, Mapping

from stsec_magic.model import percent

_DEEPEST = 12
_LONGEST = 20_000
_SAME = frozenset(("strip", "lstrip", "rstrip", "encode", "decode", "format"))
"""Methods that leave a secret what it is; ``format`` without arguments."""

_DECODERS: Mapping[str, Callable[[str], bytes | str]] = {
    "b64decode": lambda text: base64.b64decode(text, validate=True),
    "standard_b64decode": lambda text: base64.b64decode(text, validate=True),
    "decodebytes": lambda text: base64.b64decode(text.replace("\n", ""), validate=True),
    "urlsafe_b64decode": lambda text: base64.b64decode(text, altchars="-_", validate=True),
    "b32decode": base64.b32decode,
    "fromhex": bytes.fromhex,
    "unhexlify": binascii.unhexlify,
    "unquote": percent.decode,
    "unquote_plus": percent.decode,
}


def constant_text(node: ast.expr, depth: int = 0) -> str | None:
    """The text that an expression always gives.

    Args:
        node: Any expression.
        depth: How deep it stands in the one that was asked for.

    Returns:
        None where it needs anything but literals, or isn't text.
    """
    if depth > _DEEPEST:
        return None
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Constant(value=bytes(data)):
            return data.decode("latin-1")
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _joined("", [left, right], depth)
        case ast.JoinedStr(values=parts):
            return _joined("", parts, depth)
        case ast.FormattedValue(value=value, format_spec=None):
            return constant_text(value, depth + 1)
        case ast.Subscript(value=value, slice=ast.Slice(lower=None, upper=None, step=step)):
            return _turned(value, step, depth)
        case ast.Call(func=ast.Attribute(attr=name, value=receiver), args=arguments):
            return _called(name, receiver, arguments, depth)
        case ast.Call(func=ast.Name(id=name), args=[argument, *_]):
            return _decoded(name, argument, depth)
    return None


def _joined(joint: str, parts: list[ast.expr], depth: int) -> str | None:
    texts = [constant_text(part, depth + 1) for part in parts]
    if any(text is None for text in texts):
        return None
    text = joint.join(text for text in texts if text is not None)
    return text if len(text) <= _LONGEST else None


def _turned(value: ast.expr, step: ast.expr | None, depth: int) -> str | None:
    text = constant_text(value, depth + 1)
    match step:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)) if text is not None:
            return text[::-1]
    return None


def _called(name: str, receiver: ast.expr, arguments: list[ast.expr], depth: int) -> str | None:
    if name == "join" and len(arguments) == 1 and isinstance(arguments[0], ast.List | ast.Tuple):
        joint = constant_text(receiver, depth + 1)
        return None if joint is None else _joined(joint, arguments[0].elts, depth)
    if name in _SAME and not (name == "format" and arguments):
        return constant_text(receiver, depth + 1)
    return _decoded(name, arguments[0], depth) if arguments else None


def _decoded(name: str, argument: ast.expr, depth: int) -> str | None:
    decode = _DECODERS.get(name)
    text = None if decode is None else constant_text(argument, depth + 1)
    if decode is None or text is None:
        return None
    try:
        data = decode(text)
    except (ValueError, binascii.Error):
        return None
    if isinstance(data, str):
        return data
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None  # bytes that are no text: a picture, a key of bytes that stands there in plain view
