"""The bytes that a notebook carries in itself: literals, decoded and unpacked. Nothing is run.

``pickle.loads(base64.b64decode(blob))`` reads a pickle that stands in the cell, for whoever can decode it.
"""

from __future__ import annotations

import ast
import base64
import binascii
import bz2
import lzma
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

from stsec_magic.source.names import Names
from stsec_magic.source.reach import Reach
from stsec_magic.source.scopes import Use

_DEEPEST = 16
_LARGEST = 1 << 25
"""Bytes, unpacked."""

_Value = bytes | str
_Decoder = Callable[[_Value], bytes]


class _Decompressor(Protocol):
    def decompress(self, data: bytes, most: int, /) -> bytes:
        """Some more."""


def _inflated(decompressor: Callable[[], _Decompressor]) -> _Decoder:
    return lambda value: decompressor().decompress(_as_bytes(value), _LARGEST)


def _as_bytes(value: _Value) -> bytes:
    return value.encode("latin-1") if isinstance(value, str) else value


def _padded(value: _Value) -> bytes:
    return base64.b64decode(_as_bytes(value) + b"==")


_DECODERS: Mapping[str, _Decoder] = {
    "base64.b64decode": _padded,
    "base64.standard_b64decode": _padded,
    "base64.decodebytes": _padded,
    "binascii.a2b_base64": _padded,
    "base64.urlsafe_b64decode": lambda value: base64.urlsafe_b64decode(_as_bytes(value) + b"=="),
    "base64.b85decode": base64.b85decode,
    "base64.a85decode": base64.a85decode,
    "base64.b32decode": base64.b32decode,
    "base64.b16decode": lambda value: binascii.unhexlify(_as_bytes(value)),
    "binascii.unhexlify": lambda value: binascii.unhexlify(_as_bytes(value)),
    "binascii.a2b_hex": lambda value: binascii.unhexlify(_as_bytes(value)),
    "bytes.fromhex": lambda value: bytes.fromhex(_as_bytes(value).decode("ascii")),
    "bytearray.fromhex": lambda value: bytes.fromhex(_as_bytes(value).decode("ascii")),
    "zlib.decompress": _inflated(zlib.decompressobj),
    "gzip.decompress": _inflated(lambda: zlib.decompressobj(31)),
    "bz2.decompress": _inflated(bz2.BZ2Decompressor),
    "lzma.decompress": _inflated(lzma.LZMADecompressor),
    "bytes": _as_bytes,
    "bytearray": _as_bytes,
    "memoryview": _as_bytes,
    "io.BytesIO": _as_bytes,
}
_CODECS = {
    "base64": "base64.b64decode",
    "base_64": "base64.b64decode",
    "hex": "bytes.fromhex",
    "zlib": "zlib.decompress",
}
_SAME = frozenset(("encode", "decode", "strip", "getvalue", "read"))
"""Methods whose result has the same bytes, as far as it matters here."""


class LiteralBytes:
    """Puts bytes together that are written in one program."""

    def __init__(self, names: Names, reach: Reach) -> None:
        """Take the program's names."""
        self._names = names
        self._reach = reach

    def of(self, use: Use) -> bytes | None:
        """The bytes that an expression always gives.

        Args:
            use: The expression, where it stands.

        Returns:
            None where it needs anything but literals, or gives a text.
        """
        try:
            value = self._value(use, _DEEPEST)
        # Whatever decoders make of text that is none of theirs.
        except (ValueError, EOFError, OSError, zlib.error, lzma.LZMAError):
            return None
        return value if isinstance(value, bytes) else None

    def _value(self, use: Use, depth: int) -> _Value | None:
        if depth == 0:
            return None
        match use.node:
            case ast.Constant(value=str() | bytes() as value):
                return value
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return _joined([self._value(use.at(each), depth - 1) for each in (left, right)])
            case ast.Name():
                values = self._reach.values(use)
                return self._value(values[0], depth - 1) if len(values) == 1 else None
            case ast.Call():
                return self._called(use, use.node, depth)
        return None

    def _called(self, use: Use, call: ast.Call, depth: int) -> _Value | None:
        name = self._names.qualified(call.func, use.scope, use.order)
        if name is None and isinstance(call.func, ast.Name):
            name = call.func.id
        if name == "codecs.decode" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
            name = _CODECS.get(str(call.args[1].value))
        decode = _DECODERS.get(name or "")
        if decode is not None and call.args:
            value = self._value(use.at(call.args[0]), depth - 1)
            return None if value is None else decode(value)
        match call:
            case ast.Call(
                func=ast.Attribute(attr="join", value=joint), args=[ast.List(elts=parts) | ast.Tuple(elts=parts)]
            ):
                if self._value(use.at(joint), depth - 1) in ("", b""):
                    return _joined([self._value(use.at(each), depth - 1) for each in parts])
            case ast.Call(func=ast.Attribute(attr=attr, value=receiver)) if attr in _SAME:
                value = self._value(use.at(receiver), depth - 1)
                return _as_bytes(value) if attr == "encode" and value is not None else value
        return None


def _joined(values: list[_Value | None]) -> _Value | None:
    texts = [each for each in values if isinstance(each, str)]
    blobs = [each for each in values if isinstance(each, bytes)]
    if len(texts) == len(values):
        return "".join(texts)
    return b"".join(blobs) if len(blobs) == len(values) else None
