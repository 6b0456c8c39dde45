"""The files of dbm, in which shelve keeps pickles: dumb, gdbm, Berkeley DB (which is ndbm, too)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from stsec_magic.containers.byte_search import pickles_in
from stsec_magic.containers.found import Inside, Limits, Opened, View, within
from stsec_magic.containers.glance import glance

_ENDINGS = ("", ".db", ".dat", ".dir", ".bak", ".pag", ".sqlite", ".sqlite3")
_GDBM = frozenset(
    packed
    for magic in (0x13579ACD, 0x13579ACE, 0x13579ACF, 0x13579AD0, 0x13579AD1)
    for packed in (magic.to_bytes(4, "little"), magic.to_bytes(4, "big"))
)
_BERKELEY = (0x00061561, 0x00053162)
"""A hash file, a tree."""

_INDEX = re.compile(rb"'[^'\n]{0,500}', \(\d{1,15}, \d{1,15}\)\n")
_BLOCK = 512
"""Values of ``dbm.dumb`` begin at its multiples."""

_LARGEST = 64 << 20
_BEGINNINGS = frozenset(b"(]}cI)NKMJUXSVGFL")
_WHOLE = 20_000
_OVERFLOW = 7
_PAGE_HEADER = 26
_KIND = 25
"""Offset in a page's header."""

_Order = Literal["little", "big"]


def shelf_files(path: Path) -> list[Path]:
    """The files that ``shelve.open`` may read.

    Args:
        path: What it is given.

    Returns:
        Those that are there: of every kind of dbm.
    """
    found = [path.with_name(path.name + ending) for ending in _ENDINGS]
    return [each for each in found if each.is_file()]


def recognises(data: View) -> bool:
    """Whether it is a hash file with a magic, or an index of ``dbm.dumb``, which holds no values.

    Args:
        data: The bytes.
    """
    return bytes(data[:4]) in _GDBM or _order(data) is not None or _INDEX.match(data) is not None


def opened(inside: Inside, limits: Limits) -> Opened:
    """Look through a hash file.

    Args:
        inside: The file.
        limits: How much may be handed out.

    Yields:
        The pickles in it; of Berkeley DB also those that go over several pages.
    """
    order = _order(inside.data)
    if _INDEX.match(inside.data) is not None:
        return
    if order is None:
        yield from pickles_in(inside.path, inside.data, limits)
        return
    limits.take(len(inside.data))
    # A value that is longer than a page has page headers in it, which no walk would get over.
    short = bytearray(inside.data)
    for first, value in _long_values(short, order, limits):
        yield Inside(within(inside.path, f"on page {first}"), value, loose=True)
    yield from pickles_in(inside.path, short, limits)


def _order(data: View) -> _Order | None:
    """The order of bytes in a file of Berkeley DB."""
    orders: tuple[_Order, ...] = ("little", "big")
    for order in orders:
        for at in (12, 0):
            if int.from_bytes(bytes(data[at : at + 4]), order) in _BERKELEY:
                return order
    return None


def _long_values(data: bytearray, order: _Order, limits: Limits) -> Iterator[tuple[int, bytearray]]:
    """Values that are longer than a page, chains of pages with a header each; these are blanked."""

    def number(at: int, width: int) -> int:
        return int.from_bytes(data[at : at + width], order)

    size = number(20, 4)
    if size < _BLOCK or size > 1 << 16 or size & (size - 1):
        return
    pages = len(data) // size
    chained = [page for page in range(1, pages) if data[page * size + _KIND] == _OVERFLOW]
    left = set(chained)
    for first in chained:
        if number(first * size + 12, 4) != 0:
            continue
        value = bytearray()
        page = first
        while page in left:
            at = page * size
            limits.row()
            left.discard(page)
            value += data[at + _PAGE_HEADER : at + _PAGE_HEADER + min(number(at + 22, 2), size - _PAGE_HEADER)]
            page = number(at + 16, 4)
        yield first, value
    for page in chained:
        data[page * size : (page + 1) * size] = bytes(size)


def values_behind(data: View, limits: Limits) -> Iterator[tuple[int, bytes]]:
    """Values of ``dbm.dumb`` behind the first one, of protocols 0 and 1, which nothing else tells from their bytes.

    Args:
        data: The bytes of the file with the values, which has no magic; or any others.
        limits: How long it may take.

    Yields:
        Offset and bytes of each that begins a block, is a pickle and asks for a name.
    """
    if len(data) > _LARGEST:
        return
    firsts, before = bytes(data[::_BLOCK]), bytes(data[_BLOCK - 1 :: _BLOCK])
    for number in range(1, len(firsts)):
        # What is left of a block behind a value is zeros.
        if firsts[number] in _BEGINNINGS and before[number - 1] == 0:
            seen = glance(data, number * _BLOCK, _WHOLE)
            limits.look()
            if seen.names:
                yield number * _BLOCK, bytes(data[number * _BLOCK : seen.end])
