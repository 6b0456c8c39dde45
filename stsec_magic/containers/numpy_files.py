"""Numpy's arrays: one of objects is a pickle behind a header; any other holds none."""

from __future__ import annotations

import re
import struct

from stsec_magic.containers.found import Inside, Limits, Opened, View
from stsec_magic.containers.glance import looks_like_pickle
from stsec_magic.model.inspection import Closed

_MAGIC = b"\x93NUMPY"
_WIDTHS = {1: (2, "<H"), 2: (4, "<I"), 3: (4, "<I")}
_AGAIN = re.compile(rb"\x93NUMPY")
_FEW = 100
"""Arrays one behind the other in one file."""

_OBJECTS = re.compile(rb"O|object|\\|[^\x09-\x7e]")
"""What a header of plain numbers has none of: the letter of objects, or an escape that may hide it."""


def recognises(data: View) -> bool:
    """Whether bytes begin as an array does.

    Args:
        data: The bytes.
    """
    return bytes(data[: len(_MAGIC)]) == _MAGIC


def may_hold_objects(head: View) -> bool:
    """Whether a pickle may stand behind an array's header.

    Args:
        head: How the file begins.
    """
    start = bytes(head[:12])
    width, form = _WIDTHS.get(start[6] if len(start) > 6 else 0, (0, ""))
    if width == 0 or len(start) < 8 + width:
        return False
    begin = 8 + width
    end = begin + int(struct.unpack_from(form, start, 8)[0])
    return end > len(head) or _OBJECTS.search(bytes(head[begin:end])) is not None


def opened(inside: Inside, limits: Limits) -> Opened:
    """Look into an array, and into those behind it.

    Args:
        inside: The file.
        limits: How much may be unpacked.

    Yields:
        The pickles of arrays of objects.
    """
    at: int | None = 0
    for _ in range(_FEW):
        if at is None:
            return
        limits.look()
        yield from _array(inside, at)
        match = _AGAIN.search(inside.data, at + len(_MAGIC))
        at = None if match is None else match.start()


def _array(inside: Inside, at: int) -> Opened:
    data = inside.data
    head = bytes(data[at : at + 12])
    width, form = _WIDTHS.get(head[6] if len(head) > 6 else 1, (0, ""))
    if width == 0:
        if at == 0:
            yield Closed(inside.path, "its version is unknown")
        return
    if len(head) < 8 + width:
        yield Closed(inside.path, "its header is cut off")
        return
    (length,) = struct.unpack_from(form, head, 8)
    begin = at + 8 + width + length
    if _OBJECTS.search(bytes(data[at + 8 + width : begin])) is None:
        return
    rest = memoryview(data)[begin:]
    # A field's name may have that letter too; then there is no pickle behind the header.
    if looks_like_pickle(rest):
        yield Inside(inside.path, rest, loose=True)
