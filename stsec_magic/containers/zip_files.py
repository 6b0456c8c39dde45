"""Zip archives: those of torch, numpy, keras and skops, and any other. A member is read by its place.

Checksums, flags and sizes, at which one reader gives up and another doesn't, tell nothing here.
"""

from __future__ import annotations

import lzma
import re

from stsec_magic.containers.decompressors import BZIP2, DEFLATE, ZSTD, Decompressor, Kind
from stsec_magic.containers.found import Inside, Limits, Opened, Told, View, within
from stsec_magic.containers.streams import Unpacked, unpack
from stsec_magic.containers.worth import is_worth_it
from stsec_magic.containers.zip_rows import STORED, Row, has_directory, recognises, rows
from stsec_magic.model.inspection import Closed

_HEAD = 1 << 16
"""Bytes of a compressed member by which it is decided whether all of it is unpacked."""

_LZMA_HEADER = 9
_LARGEST_WINDOW = 64 << 20
_ENCRYPTED = 99
_KINDS: dict[int, Kind] = {8: DEFLATE, 12: BZIP2, 93: ZSTD, 20: ZSTD}
_LZMA = 14

__all__ = ["opened", "recognises"]


def opened(inside: Inside, limits: Limits) -> Opened:
    """Unpack an archive.

    Args:
        inside: The archive.
        limits: How much may be unpacked.

    Yields:
        Its members that may be pickles or hold some, the code that it brings along, and what can't be opened.
    """
    brought: list[str] = []
    is_package = False
    for row in rows(inside.data, limits):
        limits.path = within(inside.path, row.name)
        is_package = is_package or _PACKAGE.search(row.name) is not None or _PACKAGE.search(row.other) is not None
        if row.name.endswith(".py"):
            brought.append(row.name)
        yield from _of_row(inside, row, limits)
    if is_package and brought:
        shown = brought[0] if len(brought) == 1 else f"{brought[0]} and {len(brought) - 1} more"
        yield Told(within(inside.path, brought[0]), None, "imports code that it brings along", shown, False)
    if not has_directory(inside.data):
        yield Closed(inside.path, "its directory is missing")


_PACKAGE = re.compile(r"(?:^|/)\.data/(?:extern_modules|python_version)$|(?:^|/)extern_modules$")
"""Files by which a package of torch is known: the modules in it are imported when its pickles are."""


def _of_row(inside: Inside, row: Row, limits: Limits) -> Opened:
    path = within(inside.path, row.name)
    if row.begin is None or row.begin > len(inside.data):
        yield Closed(path, "its header is cut off")
        return
    closed = None
    any_open = False
    for method in row.methods:
        if method == STORED:
            any_open = True
            yield Inside(path, memoryview(inside.data)[row.begin : row.begin + row.size], loose=True)
            continue
        kind = _kind(inside.data, row.begin, method)
        if kind is None:
            closed = "it is encrypted" if method == _ENCRYPTED else f"its compression ({method}) is not read"
            continue
        unpacked, is_whole = _unpacked(inside.data, row, kind, limits)
        any_open = any_open or bool(unpacked.data) or unpacked.why is None
        if unpacked.data and is_whole:
            yield Inside(path, unpacked.data, loose=True)
        closed = unpacked.why or closed
    if closed is not None and not any_open:
        # It says that it is compressed, and some don't listen.
        yield Inside(path, memoryview(inside.data)[row.begin : row.begin + row.size], loose=True)
        closed = "it is encrypted" if row.encrypted else closed
    if closed is not None and row.size:
        yield Closed(path, closed)


def _unpacked(data: View, row: Row, kind: Kind, limits: Limits) -> tuple[Unpacked, bool]:
    """A member, whole only if by its beginning that may be worth it."""
    begin = row.begin or 0
    start = begin + (_LZMA_HEADER if kind not in _KINDS.values() else 0)
    try:
        head = unpack(data, start, kind, limits, most=_HEAD)
        if len(head.data) < _HEAD:
            limits.take(len(head.data))
            return head, True
        if not is_worth_it((row.name, row.other), head.data, max(row.size, len(head.data))):
            return Unpacked(bytearray(), None), False
        return unpack(data, start, kind, limits), True
    except ImportError as error:
        return Unpacked(bytearray(), f"{error.name or 'a package'} is needed to look inside"), True


def _kind(data: View, begin: int, method: int) -> Kind | None:
    """What unpacks a member."""
    if method != _LZMA:
        return _KINDS.get(method)
    head = bytes(data[begin : begin + _LZMA_HEADER])
    if len(head) < _LZMA_HEADER or head[4] >= 9 * 5 * 5:
        return None
    rest, literal_context = divmod(head[4], 9)
    position, literal_position = divmod(rest, 5)
    window = min(int.from_bytes(head[5:9], "little"), _LARGEST_WINDOW)

    def make() -> Decompressor:
        row = {"id": lzma.FILTER_LZMA1, "dict_size": max(window, 4096), "lc": literal_context}
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[{**row, "lp": literal_position, "pb": position}])

    return Kind((), make)
