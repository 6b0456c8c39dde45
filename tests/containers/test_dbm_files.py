"""The files of dbm."""

from __future__ import annotations

import dbm.dumb
import pickle
import shelve
import struct
from pathlib import Path

import pytest

from stsec_magic.containers.dbm_files import shelf_files
from tests.containers.wrapping import NAMING, OLD, found

LONG = pickle.dumps([print, ["text " * 20 + str(i) for i in range(50)]], 4)


def berkeley(value: bytes, order: str = "<", size: int = 512) -> bytes:
    """A hash file of Berkeley DB as far as it matters: its first page, a small value, a long one over several pages."""
    first = bytearray(size)
    struct.pack_into(f"{order}2L", first, 12, 0x00061561, 9)
    struct.pack_into(f"{order}L", first, 20, size)
    first[25] = 8
    small = bytearray(size)
    small[25] = 13
    small[200 : 200 + len(OLD)] = OLD
    room = size - 26
    pieces = [value[i : i + room] for i in range(0, len(value), room)]
    # The pages of a chain stand in any order.
    numbers = [2 + i for i in range(len(pieces))][::-1]
    pages: dict[int, bytes] = {}
    for i, piece in enumerate(pieces):
        before = numbers[i - 1] if i else 0
        after = numbers[i + 1] if i + 1 < len(pieces) else 0
        head = struct.pack(f"{order}2L3L2H2B", 0, 0, numbers[i], before, after, 1, len(piece), 0, 7)
        pages[numbers[i]] = (head + piece).ljust(size, b"\x00")
    return bytes(first) + bytes(small) + b"".join(pages[n] for n in sorted(pages))


@pytest.mark.parametrize("order", "<>")
def test_a_value_of_berkeley_db_that_goes_over_pages(order: str) -> None:
    parts = dict(found(berkeley(LONG, order)))
    assert LONG in parts.values()
    assert OLD in parts.values()
    assert len(parts) == 2


def test_pages_in_a_circle_come_to_an_end() -> None:
    data = bytearray(berkeley(LONG))
    pages = len(data) // 512
    for page in range(2, pages):
        struct.pack_into("<L", data, page * 512 + 16, 2 + page % (pages - 2))
    found(bytes(data))


@pytest.mark.parametrize("magic", [0x13579ACE, 0x13579ACF, 0x13579AD0])
@pytest.mark.parametrize("order", "<>")
def test_values_of_gdbm(magic: int, order: str) -> None:
    data = struct.pack(f"{order}L", magic) + bytes(100) + b"key" + NAMING + b"key" + OLD + bytes(100)
    assert [value for _, value in found(data)] == [NAMING, OLD]


@pytest.mark.parametrize("protocol", [0, 1])
def test_the_values_of_a_shelf(tmp_path: Path, protocol: int) -> None:
    name = str(tmp_path / "shelf")
    with shelve.Shelf(dbm.dumb.open(name), protocol=protocol) as shelf:
        shelf["a"] = 1
        shelf["b"] = print
    data = (tmp_path / "shelf.dat").read_bytes()
    parts = [value for _, value in found(data)]
    assert parts[0] == data
    assert parts[1:] == [pickle.dumps(print, protocol)]
    assert found((tmp_path / "shelf.dir").read_bytes()) == []


def test_the_files_that_a_shelf_may_be(tmp_path: Path) -> None:
    for name in ("a.dat", "a.dir", "a.bak", "a.txt", "b", "c.db"):
        (tmp_path / name).write_bytes(b"")
    assert [each.name for each in shelf_files(tmp_path / "a")] == ["a.dat", "a.dir", "a.bak"]
    assert [each.name for each in shelf_files(tmp_path / "b")] == ["b"]
    assert [each.name for each in shelf_files(tmp_path / "c")] == ["c.db"]
    assert shelf_files(tmp_path / "d") == []
