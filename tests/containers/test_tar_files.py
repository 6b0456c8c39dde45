"""Tar archives of every format."""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.containers.wrapping import NAMING, PLAIN, closed, found, in_tar

FORMS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def header(name: bytes, size: int, kind: bytes = b"0", magic: bytes = b"") -> bytes:
    block = bytearray(512)
    block[: len(name)] = name
    block[124:136] = b"%011o\x00" % size
    block[156:157] = kind
    block[257 : 257 + len(magic)] = magic
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\x00 " % sum(block)
    return bytes(block)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["data.pkl", "folder/" * 30 + "data.pkl", "ü" * 40])
def test_what_is_inside_is_found(form: int, name: str) -> None:
    assert found(in_tar(PLAIN, name, form=form)) == [(name, PLAIN)]
    assert closed(in_tar(PLAIN, name, form=form)) == []


def test_the_first_format_has_no_magic() -> None:
    assert found(header(b"a", len(PLAIN), b"\x00") + padded(PLAIN) + bytes(1024)) == [("a", PLAIN)]


def test_an_archive_of_torch_before_its_formats() -> None:
    parts = {b"sys_info": PLAIN, b"pickle": NAMING, b"storages": PLAIN, b"tensors": NAMING}
    data = b"".join(header(name, len(each)) + padded(each) for name, each in parts.items())
    assert found(data) == [(name.decode(), each) for name, each in parts.items()]


def test_a_signed_checksum() -> None:
    block = bytearray(header(b"\xff\xfea", len(PLAIN)))
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\x00 " % (sum(block) - 2 * 256)
    assert [data for _, data in found(bytes(block) + padded(PLAIN))] == [PLAIN]


@pytest.mark.parametrize("kind", [b"7", b"\x00", b"9", b"V"])
def test_other_kinds_of_files_are_files(kind: bytes) -> None:
    assert found(header(b"a", len(PLAIN), kind) + padded(PLAIN)) == [("a", PLAIN)]


def test_links_and_folders_have_no_bytes() -> None:
    data = b"".join(header(b"x", 0, kind) for kind in (b"1", b"2", b"3", b"5", b"6"))
    assert found(data + in_tar(PLAIN)) == [("data.pkl", PLAIN)]


def test_behind_the_end_it_is_read_on() -> None:
    assert found(in_tar(PLAIN, "a") + in_tar(NAMING, "b")) == [("a", PLAIN), ("b", NAMING)]


def test_where_two_sizes_differ_both_are_read() -> None:
    """Readers have been tricked with it: one passes over what the other takes for a member."""
    hidden = header(b"b", len(NAMING)) + padded(NAMING)
    record = b"13 size=%05d\n" % len(hidden)
    data = header(b"p", len(record), b"x", b"ustar\x0000") + padded(record) + header(b"a", 0) + hidden
    assert ("b", NAMING) in found(data + bytes(1024))
    more = header(b"a", 2048) + padded(PLAIN) + hidden
    assert ("b", NAMING) in found(header(b"p", 12, b"x") + padded(b"12 size=512\n") + more)


def test_holes_are_told() -> None:
    assert closed(header(b"a", len(PLAIN), b"S") + padded(PLAIN)) == [("a", "it has holes, which are not filled")]
    record = b"22 GNU.sparse.major=1\n"
    data = header(b"p", len(record), b"x", b"ustar\x0000") + padded(record) + header(b"a", len(PLAIN)) + padded(PLAIN)
    assert [path for path, _ in closed(data)] == ["a"]


@pytest.mark.parametrize("size", [b"\x80" + b"\xff" * 11, b"\xff" * 12, b"77777777777\x00", b"-1         \x00"])
def test_sizes_that_lie(size: bytes) -> None:
    block = bytearray(header(b"a", 0))
    block[124:136] = size
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\x00 " % sum(block)
    found(bytes(block) + padded(PLAIN))


@given(st.dictionaries(st.text("abc.é", min_size=1, max_size=150), st.just(NAMING), max_size=5), st.sampled_from(FORMS))
@settings(deadline=None, max_examples=50)
def test_it_agrees_with_tarfile(files: dict[str, bytes], form: int) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:", format=form) as archive:
        for name, data in files.items():
            row = tarfile.TarInfo(name)
            row.size = len(data)
            try:
                archive.addfile(row, io.BytesIO(data))
            except ValueError:
                return
    with tarfile.open(fileobj=io.BytesIO(file.getvalue())) as archive:
        expected = [row.name for row in archive]
    assert [path for path, _ in found(file.getvalue()) if path] == expected
