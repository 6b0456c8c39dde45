"""The entries of a zip archive: those of its directory, as all that read one take it, and those that are in none.

Python's zipfile and torch's reader differ in where they look for the directory and for an entry. Both are followed.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from stsec_magic.containers.found import Limits, View

STORED = 0

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_TAIL = (1 << 16) + _END.size
_FEW = 16
"""Ends of archives that are followed."""

_LOCAL_MAGIC = re.compile(rb"PK\x03\x04")
_END_MAGIC = re.compile(rb"PK\x05\x06")
_FULL, _FULL_64 = 0xFFFFFFFF, 0x0001


@dataclass(frozen=True, slots=True)
class Row:
    """An entry.

    Attributes:
        name: As the directory has it.
        other: As the entry's own header has it.
        methods: How it is compressed, by one or by the other.
        begin: Offset of its bytes; None where it has no place in the file.
        size: How many there are if they aren't compressed.
        end: Offset behind it, as the directory says.
        encrypted: Whether it says that it is.
    """

    name: str
    other: str
    methods: tuple[int, ...]
    begin: int | None
    size: int
    end: int
    encrypted: bool


def recognises(data: View) -> bool:
    """Whether it is a zip archive to any that read one, be it behind something else.

    Args:
        data: The bytes.
    """
    if bytes(data[:4]) in (b"PK\x03\x04", b"PK\x05\x06"):
        return True
    return bool(_ends(data))


def rows(data: View, limits: Limits) -> Iterator[Row]:
    """All entries.

    Args:
        data: The archive.
        limits: How many are looked at.

    Yields:
        Each one; first those of the directory.
    """
    taken: list[tuple[int, int]] = []
    seen: set[tuple[str, int | None]] = set()
    for end in _ends(data):
        # That of an archive in this one.
        if any(begin <= end < behind for begin, behind in taken):
            continue
        for start, shift in _directories(data, end):
            for row in _directory(data, start, shift, limits):
                if (row.name, row.begin) not in seen:
                    seen.add((row.name, row.begin))
                    if row.begin is not None:
                        taken.append((row.begin, row.end))
                    yield row
    yield from _strays(data, sorted(taken), limits)


def has_directory(data: View) -> bool:
    """Whether an archive has a directory that anything can read.

    Args:
        data: The bytes.
    """
    return any(_directories(data, end) for end in _ends(data))


def _ends(data: View) -> list[int]:
    """Offsets of what may be the end of a directory, the last first."""
    tail = max(0, len(data) - _TAIL)
    found = [match.start() + tail for match in _END_MAGIC.finditer(bytes(data[tail:]))]
    return [at for at in found[::-1][:_FEW] if at + _END.size <= len(data)]


def _directories(data: View, end: int) -> list[tuple[int, int]]:
    """Where the directory of an end may begin, and by how much what it says is shifted by what stands in front."""
    *_, size, offset, _ = _END.unpack(bytes(data[end : end + _END.size]))
    found = [(end - size, end - size - offset), (offset, 0)]
    for size, offset, end_64 in _ends_64(data, end):
        found += [(end_64 - size, end_64 - size - offset), (offset, 0)]
    return [each for each in dict.fromkeys(found) if 0 <= each[0] < len(data)]


def _ends_64(data: View, end: int) -> Iterator[tuple[int, int, int]]:
    """Size, offset and end of a directory of the large form: where it stands, and where its locator says."""
    locator = bytes(data[max(0, end - _LOCATOR.size) : end])
    if not locator.startswith(b"PK\x06\x07") or len(locator) < _LOCATOR.size:
        return
    _, _, said, _ = _LOCATOR.unpack(locator)
    for at in {end - _LOCATOR.size - _END_64.size, said}:
        head = bytes(data[max(0, at) : max(0, at) + _END_64.size])
        if len(head) == _END_64.size and head.startswith(b"PK\x06\x06"):
            *_, size, offset = _END_64.unpack(head)
            yield size, offset, at


def _directory(data: View, at: int, shift: int, limits: Limits) -> Iterator[Row]:
    while True:
        head = bytes(data[at : at + _CENTRAL.size])
        if len(head) < _CENTRAL.size or not head.startswith(b"PK\x01\x02"):
            return
        limits.row()
        fields = _CENTRAL.unpack(head)
        flags, method, packed, size, *lengths = *fields[3:5], *fields[8:13]
        name_length, extra_length, comment_length = lengths
        offset = fields[16]
        at += _CENTRAL.size
        name = _text(bytes(data[at : at + name_length]), flags)
        extra = bytes(data[at + name_length : at + name_length + extra_length])
        size, packed, offset = _large(extra, size, packed, offset)
        places = [place for place in dict.fromkeys((offset + shift, offset)) if _is_local(data, place)]
        for place in places:
            local = _local(data, place)
            methods = tuple(dict.fromkeys((method, *local.methods)))
            begin = local.begin or 0
            largest = max(packed, size, local.size)
            encrypted = bool(flags & 1) or local.encrypted
            row = Row(name, local.other, methods, begin, largest, begin + packed, encrypted)
            # Another one's place, whose size may stand behind it.
            yield row if local.other == name or local.size else _until_next(data, row)
        if not places:
            yield Row(name, name, (method,), None, size, 0, False)
        at += name_length + extra_length + comment_length


def _is_local(data: View, at: int) -> bool:
    return at >= 0 and at + _LOCAL.size <= len(data) and bytes(data[at : at + 4]) == b"PK\x03\x04"


def _local(data: View, at: int) -> Row:
    """An entry by its own header."""
    _, _, flags, method, _, _, _, packed, size, name_length, extra_length = _LOCAL.unpack(
        bytes(data[at : at + _LOCAL.size])
    )
    name_at = at + _LOCAL.size
    begin = name_at + name_length + extra_length
    size, packed, _ = _large(bytes(data[name_at + name_length : begin]), size, packed, 0)
    name = _text(bytes(data[name_at : name_at + name_length]), flags)
    return Row(name, name, (method,), begin, max(size, packed), begin + packed, bool(flags & 1))


def _large(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Numbers that are too large for their fields stand in an extra one, in this order."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _FULL_64:
            values = iter(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            size, packed, offset = (next(values, each) if each == _FULL else each for each in (size, packed, offset))
        at += 4 + length
    return size, packed, offset


def _text(name: bytes, flags: int) -> str:
    return name.decode("utf-8" if flags & 0x800 else "cp437", "replace")


def _strays(data: View, taken: list[tuple[int, int]], limits: Limits) -> Iterator[Row]:
    """Entries that no directory lists: looked for between those that one does."""
    at = 0
    for begin, end in (*taken, (len(data), len(data))):
        # Right before the bytes of an entry stands its own header.
        while at < begin and (match := _LOCAL_MAGIC.search(data, at, begin)) is not None:
            at = match.start() + 4
            if not _is_local(data, match.start()):
                continue
            limits.row()
            row = _local(data, match.start())
            if row.begin is None or row.begin == begin or row.begin > len(data):
                continue
            if row.size == 0 and row.methods == (STORED,):
                row = _until_next(data, row)
            at = max(at, min(row.end, len(data)))
            yield row
        at = max(at, end)


def _until_next(data: View, row: Row) -> Row:
    """An entry whose size stands behind it: it goes to the next header."""
    begin = row.begin or 0
    match = _NEXT.search(data, begin)
    end = len(data) if match is None else match.start()
    return Row(row.name, row.other, row.methods, begin, end - begin, end, row.encrypted)


_NEXT = re.compile(rb"PK[\x01\x03\x05\x07][\x02\x04\x06\x08]")
