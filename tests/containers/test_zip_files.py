"""Zip archives, whatever their headers say."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.containers.wrapping import NAMING, OLD, PLAIN, closed, found, in_zip, told, zip_of

METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
NAME = "archive/data.pkl"


def local(name: bytes, data: bytes, method: int = 0, flags: int = 0, size: int | None = None) -> bytes:
    length = len(data) if size is None else size
    return (
        struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, flags, method, 0, 0, 0, length, length, len(name), 0) + name + data
    )


@pytest.mark.parametrize("method", METHODS)
def test_what_is_inside_is_found(method: int) -> None:
    assert found(in_zip(PLAIN, method=method)) == [(NAME, PLAIN)]
    assert closed(in_zip(PLAIN, method=method)) == []


def test_a_wrong_checksum_is_passed_over() -> None:
    """torch reads it, and Python's zipfile refuses it."""
    data = bytearray(in_zip(PLAIN, method=zipfile.ZIP_STORED))
    for at in (14, data.index(b"PK\x01\x02") + 16):
        data[at] ^= 0xFF
    assert found(bytes(data)) == [(NAME, PLAIN)]


@pytest.mark.parametrize("method", METHODS)
def test_one_that_says_it_is_encrypted_is_read_all_the_same(method: int) -> None:
    data = bytearray(in_zip(PLAIN, method=method))
    for at in (6, data.index(b"PK\x01\x02") + 8):
        data[at] |= 1
    assert found(bytes(data)) == [(NAME, PLAIN)]


def test_one_that_is_encrypted_is_told() -> None:
    data = bytearray(in_zip(b"\xff" * 30, method=zipfile.ZIP_STORED))
    for at, flags in ((6, 6), (data.index(b"PK\x01\x02") + 8, 8)):
        data[at] |= 1
        data[at + 2] = 8
        assert flags
    assert closed(bytes(data)) == [(NAME, "it is encrypted")]


def test_bytes_in_front_of_the_archive_shift_it() -> None:
    assert found(b"\xffMZ\x00" * 9 + in_zip(PLAIN)) == [(NAME, PLAIN)]


def test_offsets_that_count_from_the_files_beginning() -> None:
    """Some writers count what stands in front, others don't."""
    file = io.BytesIO(b"\xffMZ\x00" * 9)
    file.seek(0, 2)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(NAME, PLAIN)
    assert found(file.getvalue()) == [(NAME, PLAIN)]


@pytest.mark.parametrize("method", METHODS[:2])
def test_entries_without_a_directory(method: int) -> None:
    data = in_zip(PLAIN, method=method)
    data = data[: data.index(b"PK\x01\x02")]
    assert found(data) == [(NAME, PLAIN)]
    assert closed(data) == [("", "its directory is missing")]


def test_an_entry_that_the_directory_leaves_out() -> None:
    data = zip_of({"a.txt": b"Hello", "b": NAMING})
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    end = data.index(b"PK\x05\x06")
    tail = bytearray(data[end:])
    tail[8:16] = struct.pack("<2HL", 1, 1, at - data.index(b"PK\x01\x02"))
    assert found(data[:at] + bytes(tail)) == [("b", NAMING)]


def test_an_entry_whose_size_stands_behind_it() -> None:
    row = local(b"a", NAMING, flags=8, size=0) + b"PK\x07\x08" + bytes(12)
    assert [data for _, data in found(row + zip_of({"c": b"Hello"}))] == [NAMING]


def test_two_names_for_one_entry() -> None:
    data = in_zip(b"nothing", "a.pickle", zipfile.ZIP_STORED)
    assert found(data.replace(b"a.pickle", b"b.pickle", 1)) == [("a.pickle", b"nothing")]


def test_one_name_for_two_entries() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(NAME, PLAIN)
        archive.writestr(NAME, NAMING)
    assert found(file.getvalue()) == [(NAME, PLAIN), (NAME, NAMING)]


def test_a_size_that_is_too_small() -> None:
    data = bytearray(in_zip(PLAIN, method=zipfile.ZIP_STORED))
    at = data.index(b"PK\x01\x02") + 20
    data[at : at + 8] = struct.pack("<2L", 1, 1)
    assert found(bytes(data)) == [(NAME, PLAIN)]


@pytest.mark.parametrize("places", [(8,), (10,), (8, 10)])
def test_one_that_says_it_is_compressed_and_is_not(places: tuple[int, ...]) -> None:
    data = bytearray(in_zip(NAMING, method=zipfile.ZIP_STORED))
    for place in places:
        data[place if place == 8 else data.index(b"PK\x01\x02") + place] = 8
    assert (NAME, NAMING) in found(bytes(data))


def test_large_fields() -> None:
    """Sizes and places of the 64-bit form."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, archive.open("a.pkl", "w", force_zip64=True) as member:
        member.write(PLAIN)
    assert found(file.getvalue()) == [("a.pkl", PLAIN)]
    data = in_zip(PLAIN, method=zipfile.ZIP_STORED)
    end = data.index(b"PK\x05\x06")
    size = end - data.index(b"PK\x01\x02")
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, size, end - size)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    short = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert found(data[:end] + record + locator + short) == [(NAME, PLAIN)]


def test_an_entry_in_no_place_is_told() -> None:
    data = bytearray(in_zip(PLAIN, method=zipfile.ZIP_STORED))
    at = data.index(b"PK\x01\x02") + 42
    data[at : at + 4] = struct.pack("<L", 9)
    assert (NAME, "its header is cut off") in closed(bytes(data))
    assert (NAME, PLAIN) in found(bytes(data))


def test_an_unknown_compression_is_told() -> None:
    data = bytearray(in_zip(b"\xff" * 30, method=zipfile.ZIP_STORED))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 9
    assert closed(bytes(data)) == [(NAME, "its compression (9) is not read")]


def test_names_lead_nowhere() -> None:
    assert found(zip_of({"../../etc/x.pkl": PLAIN})) == [("../../etc/x.pkl", PLAIN)]
    assert [len(path) for path, _ in found(zip_of({"x" * 5_000 + ".pkl": PLAIN}))] == [301]


def test_an_archive_at_the_end_of_another_is_read_once() -> None:
    assert found(zip_of({"a.zip": zip_of({"b.pkl": PLAIN})})) == [("a.zip/b.pkl", PLAIN)]


def test_large_members_are_unpacked_only_if_that_may_be_worth_it() -> None:
    rows = {"0": b"\x00" * 300_000, "1": OLD + bytes(300_000)}
    assert [path for path, _ in found(zip_of(rows, zipfile.ZIP_DEFLATED))] == ["1"]
    assert [path for path, _ in found(zip_of(rows))] == ["1"]


def test_a_package_of_torch_brings_code() -> None:
    files = {"p/.data/extern_modules": b"sys\n", "p/model/m.pkl": PLAIN, "p/foo/a.py": b"1", "p/foo/b.py": b"2"}
    assert told(zip_of(files)) == [(None, False)]
    assert told(zip_of({"p/code/__torch__.py": b"1", "p/constants.pkl": PLAIN})) == []


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_come_out(data: bytes) -> None:
    assert ("a.pkl", NAMING + data) in found(in_zip(NAMING + data, "a.pkl"))
