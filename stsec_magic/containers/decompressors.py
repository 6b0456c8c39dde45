"""The formats of compressed streams, and their decompressors with one face."""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

_MEMORY = 128 << 20
"""What xz may take to unpack; its highest preset takes 65 MB."""


class Decompressor(Protocol):
    """What ``bz2``, ``lzma``, ``lz4`` and ``zstd`` have in common."""

    @property
    def eof(self) -> bool:
        """Whether the stream has come to its end."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out of what went in."""

    @property
    def unused_data(self) -> bytes | None:
        """What went in and stands behind the end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Some more."""


class Inflater:
    """zlib's decompressor with the face of the others."""

    def __init__(self, window: int = zlib.MAX_WBITS) -> None:
        """Begin a stream; the window's bits also say which header it has."""
        self._inner = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        """As for any of them."""
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        """As for any of them."""
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """As for any of them."""
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Some more."""
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


Make = Callable[[], Decompressor]


@dataclass(frozen=True, slots=True)
class Kind:
    """A format of compressed streams.

    Attributes:
        magics: How a stream begins; those of several may follow one another.
        make: Its decompressor.
        padding: Whether zeros may stand between two streams.
    """

    magics: tuple[bytes, ...]
    make: Make
    padding: bool = False


def _lz4() -> Decompressor:
    # Libraries of their own, which most files don't need.
    made: Decompressor = import_module("lz4.frame").LZ4FrameDecompressor()
    return made


def _zstd() -> Decompressor:
    module = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    # No level of zstandard needs a larger window.
    made: Decompressor = module.ZstdDecompressor(options={module.DecompressionParameter.window_log_max: 27})
    return made


def _xz() -> Decompressor:
    return lzma.LZMADecompressor(memlimit=_MEMORY)


GZIP = Kind((b"\x1f\x8b",), lambda: Inflater(31), padding=True)
BZIP2 = Kind((b"BZh",), bz2.BZ2Decompressor)
XZ = Kind((b"\xfd7zXZ\x00", b"\x5d\x00"), _xz, padding=True)
ZLIB = Kind((b"\x78",), Inflater)
DEFLATE = Kind((), lambda: Inflater(-15))
LZ4 = Kind((b"\x04\x22\x4d\x18",), _lz4)
ZSTD = Kind((b"\x28\xb5\x2f\xfd",), _zstd)
BY_MAGIC = (GZIP, BZIP2, XZ, LZ4, ZSTD)
