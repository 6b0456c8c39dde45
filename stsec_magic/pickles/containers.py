"""What pickles come wrapped in: archives, compressed streams, numpy's files. By content, not by the file's ending.

Nothing is written to a disk. What exceeds the limits, or can't be opened, is told.
"""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from stsec_magic.pickles.operands import Buffer

_DEEPEST = 5
_MOST = 2_000
_LARGEST = 256 << 20
"""Bytes that all members of a file may have together once they are unpacked."""

_TAR_MAGIC = slice(257, 262)
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_ELSEWHERE = {b"\x04\x22\x4d\x18": "lz4", b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf": "7z", b"\x89HDF": "HDF5"}
"""Formats that are known and can't be opened without a package of their own."""


@dataclass(frozen=True, slots=True)
class Member:
    """Bytes that may be a pickle.

    Attributes:
        path: Where they stand inside: ``archive/data.pkl``; empty for the file itself.
        data: The bytes.
    """

    path: str
    data: Buffer


@dataclass(frozen=True, slots=True)
class Closed:
    """What could not be opened.

    Attributes:
        path: As for a member.
        why: A few words.
    """

    path: str
    why: str


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool:
        """Whether the stream has come to its end."""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Some more."""


class _Limits:
    """How much of a file may still be unpacked."""

    def __init__(self) -> None:
        self.bytes = _LARGEST
        self.members = _MOST

    def take(self, length: int) -> bool:
        self.bytes -= length
        self.members -= 1
        return self.bytes >= 0 and self.members >= 0


def members(data: Buffer) -> Iterator[Member | Closed]:
    """Unpack a file.

    Args:
        data: Its bytes, or its memory map.

    Yields:
        Whatever stands in it and may be a pickle, however deep; and what could not be opened.
    """
    yield from _members("", data, 0, _Limits())


def _members(path: str, data: Buffer, depth: int, limits: _Limits) -> Iterator[Member | Closed]:
    head = bytes(data[:6])
    if depth > _DEEPEST:
        yield Closed(path, "too many archives stand one inside the other")
    elif head[:4] in _ELSEWHERE:
        yield Closed(path, f"{_ELSEWHERE[head[:4]]} is not read")
    elif head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        yield from _of_zip(path, data, depth, limits)
    elif (decompressor := _decompressor(head)) is not None:
        unpacked, why = _unpacked(bytes(data), decompressor, limits)
        if unpacked:
            yield from _members(path, unpacked, depth + 1, limits)
        if why is not None:
            yield Closed(path, why)
    elif bytes(data[_TAR_MAGIC]) == b"ustar":
        yield from _of_tar(path, data, depth, limits)
    elif head == b"\x93NUMPY":
        yield from _of_numpy(path, data)
    else:
        yield Member(path, data)


def _decompressor(head: bytes) -> _Decompressor | None:
    """What unpacks a stream that begins so."""
    if head[:2] == b"\x1f\x8b":
        return zlib.decompressobj(31)
    if head[:3] == b"BZh":
        return bz2.BZ2Decompressor()
    if head == b"\xfd7zXZ\x00" or head[:3] == b"\x5d\x00\x00":
        return lzma.LZMADecompressor()
    if head[:1] == b"\x78" and len(head) > 1 and (head[0] * 256 + head[1]) % 31 == 0:
        return zlib.decompressobj()
    return None


def _unpacked(data: bytes, decompressor: _Decompressor, limits: _Limits) -> tuple[bytes, str | None]:
    """A stream unpacked as far as it goes, and why no farther."""
    try:
        unpacked = decompressor.decompress(data, max(1, limits.bytes))
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
        return b"", f"it can't be unpacked ({type(error).__name__})"
    if not limits.take(len(unpacked)) or (len(unpacked) >= limits.bytes and not decompressor.eof):
        return unpacked, "unpacked it is too large"
    return unpacked, None if decompressor.eof else "it is cut off"


def _of_zip(path: str, data: Buffer, depth: int, limits: _Limits) -> Iterator[Member | Closed]:
    try:
        rows = zipfile.ZipFile(io.BytesIO(bytes(data))).infolist()
    # zipfile raises whatever a lying header leads to.
    except Exception as error:
        yield Closed(path, f"the archive can't be read ({type(error).__name__})")
        return
    for row in rows:
        inner = f"{path}/{row.filename}" if path else row.filename
        unpacked, why = _of_row(data, row, limits)
        if unpacked:
            yield from _members(inner, unpacked, depth + 1, limits)
        if why is not None:
            yield Closed(inner, why)
        if limits.members < 0:
            return


def _of_row(data: Buffer, row: zipfile.ZipInfo, limits: _Limits) -> tuple[bytes, str | None]:
    """A member by its place: checksums and flags, at which zipfile gives up and others don't, tell nothing here."""
    start = row.header_offset
    if start < 0 or start + _LOCAL_HEADER.size > len(data):
        return b"", "its header is cut off"
    *_, name_length, extra_length = _LOCAL_HEADER.unpack(bytes(data[start : start + _LOCAL_HEADER.size]))
    begin = start + _LOCAL_HEADER.size + name_length + extra_length
    packed = bytes(data[begin : begin + row.compress_size])
    if row.compress_type == _STORED:
        return (packed, None) if limits.take(len(packed)) else (b"", "the archive is too large")
    if row.compress_type == _DEFLATED:
        return _unpacked(packed, zlib.decompressobj(-15), limits)
    if row.compress_type == _BZIP2:
        return _unpacked(packed, bz2.BZ2Decompressor(), limits)
    return b"", f"its compression ({row.compress_type}) is not read"


def _of_tar(path: str, data: Buffer, depth: int, limits: _Limits) -> Iterator[Member | Closed]:
    try:
        with tarfile.open(fileobj=io.BytesIO(bytes(data)), mode="r:") as archive:
            for row in archive:
                inner = f"{path}/{row.name}" if path else row.name
                if not row.isreg():
                    continue
                if not limits.take(row.size):
                    yield Closed(inner, "the archive is too large")
                    return
                yield from _members(inner, bytes(data[row.offset_data : row.offset_data + row.size]), depth + 1, limits)
    # tarfile raises whatever a lying header leads to.
    except Exception as error:
        yield Closed(path, f"the archive can't be read ({type(error).__name__})")


def _of_numpy(path: str, data: Buffer) -> Iterator[Member | Closed]:
    """An array of objects is a pickle behind a header; any other holds none."""
    major = data[6] if len(data) > 6 else 0
    width, form = (2, "<H") if major == 1 else (4, "<I")
    if len(data) < 8 + width:
        yield Closed(path, "its header is cut off")
        return
    (length,) = struct.unpack(form, bytes(data[8 : 8 + width]))
    begin = 8 + width + length
    header = bytes(data[8 + width : begin])
    if b"'O'" in header or b"|O" in header or b'"O"' in header:
        yield Member(path, bytes(data[begin:]))
