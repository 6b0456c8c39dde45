"""Tar archives, block by block: the formats of old without a magic too, and what stands behind the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stsec_magic.containers.found import Inside, Limits, Opened, View, within
from stsec_magic.model.inspection import Closed

_BLOCK = 512
_LONGEST = 1 << 20
"""Bytes of a name, or of a header of the pax format, that are read."""

_NAME, _SIZE, _SUM, _KIND, _PREFIX = slice(0, 100), slice(124, 136), slice(148, 156), slice(156, 157), slice(345, 500)
_NO_FILES = b"123456"
"""Links, devices, folders, pipes: they have no bytes of their own."""

_SOMETHING = re.compile(rb"[^\x00]")
_SUMMED = re.compile(rb"[\s0-7_]{0,7}[0-7][\s0-7_]{0,7}(?:\x00.{0,7})?", re.DOTALL)
"""The digits of a header's checksum, as Python would read them."""

_RECORD = re.compile(rb"\d{1,9} ([^=\n]{1,200})=([^\n]{0,5000})\n")


@dataclass(slots=True)
class _Next:
    """What headers of their own say of the next member.

    Attributes:
        name: Its name.
        size: Its size.
        sparse: Whether it has holes.
    """

    name: str | None = None
    size: int | None = None
    sparse: bool = False


def recognises(data: View) -> bool:
    """Whether the first block is a header, as Python's tarfile would have it.

    Args:
        data: The bytes.
    """
    return _is_header(bytes(data[:_BLOCK]))


def opened(inside: Inside, limits: Limits) -> Opened:
    """Unpack an archive.

    Args:
        inside: The archive.
        limits: How much may be unpacked.

    Yields:
        Its files, whatever they are called, and those that have holes.
    """
    coming = _Next()
    for at, header in _headers(inside.data, limits):
        kind = header[_KIND]
        size = _number(header[_SIZE])
        begin = at + _BLOCK
        if kind in b"LxXg" and kind:
            coming = _said(kind, bytes(inside.data[begin : begin + min(size, _LONGEST)]), coming)
            continue
        if kind in b"K" and kind:
            continue
        name = coming.name or _name(header)
        path = within(inside.path, name)
        limits.path = path
        if kind not in _NO_FILES:
            largest = max(size, coming.size or 0)
            yield Inside(path, memoryview(inside.data)[begin : begin + largest], loose=True)
            if kind == b"S" or coming.sparse:
                yield Closed(path, "it has holes, which are not filled")
        coming = _Next()


def _headers(data: View, limits: Limits) -> Iterator[tuple[int, bytes]]:
    """Headers and their offsets. What lies between two of them is passed over, be it what a size says or not."""
    at = 0
    pax_size: int | None = None
    while at + _BLOCK <= len(data):
        header = bytes(data[at : at + _BLOCK])
        if not _is_header(header):
            # Behind the end some read on, and so does this.
            limits.look()
            more = _SOMETHING.search(data, at + _BLOCK)
            at = len(data) if more is None else more.start() // _BLOCK * _BLOCK
            continue
        limits.row()
        yield at, header
        kind = header[_KIND]
        size = 0 if kind in _NO_FILES and kind else _number(header[_SIZE])
        if kind == b"x":
            pax_size = _said(kind, bytes(data[at + _BLOCK : at + _BLOCK + min(size, _LONGEST)]), _Next()).size
        elif pax_size is not None:
            # Where the two sizes differ, readers differ: then nothing is passed over.
            size = size if size == pax_size or (size == 0 and pax_size >= 1 << 33) else 0
            pax_size = None
        at += _BLOCK + -(-size // _BLOCK) * _BLOCK


def _is_header(block: bytes) -> bool:
    if len(block) < _BLOCK or _SUMMED.fullmatch(block[_SUM]) is None:
        return False
    said = _number(block[_SUM])
    # Some writers of old summed signed characters.
    rest = block[: _SUM.start] + b" " * 8 + block[_SUM.stop :]
    unsigned = sum(rest)
    return said > 0 and said in (unsigned, unsigned - 256 * sum(each > 127 for each in rest))


def _number(field: bytes) -> int:
    """A number in octal digits, or in binary where they wouldn't do; never below zero."""
    if field[:1] in (b"\x80", b"\xff"):
        return max(0, int.from_bytes(field[1:], "big", signed=False)) if field[0] == 0x80 else 0
    text = field.partition(b"\x00")[0].strip()
    try:
        return max(0, int(text or b"0", 8))
    except ValueError:
        return 0


def _name(header: bytes) -> str:
    name, prefix = _text(header[_NAME]), _text(header[_PREFIX])
    return f"{prefix}/{name}" if prefix and header[257:262] == b"ustar" and header[_KIND] != b"S" else name


def _text(field: bytes) -> str:
    return field.partition(b"\x00")[0].decode("utf-8", "replace")


def _said(kind: bytes, data: bytes, before: _Next) -> _Next:
    """What a header of its own says of the next member."""
    if kind == b"L":
        return _Next(_text(data), before.size, before.sparse)
    records = {match[1]: match[2] for match in _RECORD.finditer(data)}
    size = records.get(b"size", b"")
    sparse = any(key.startswith(b"GNU.sparse.") for key in records)
    name = records.get(b"GNU.sparse.name", records.get(b"path"))
    return _Next(
        before.name if name is None else name.decode("utf-8", "replace"),
        int(size) if size.isdigit() and len(size) < 20 else before.size,
        before.sparse or sparse,
    )
