"""Pickles in whatever they come wrapped in."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import pickle
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic.pickles import containers
from stsec_magic.pickles.containers import Closed, Member, members

PLAIN = pickle.dumps({"a": [1, 2, 3]})


def in_zip(data: bytes, name: str = "archive/data.pkl", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(name, data)
    return file.getvalue()


def in_tar(data: bytes, name: str = "data.pkl", mode: str = "w:") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        row = tarfile.TarInfo(name)
        row.size = len(data)
        archive.addfile(row, io.BytesIO(data))
    return file.getvalue()


def in_numpy(data: bytes, dtype: str = "|O", major: int = 1) -> bytes:
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': (3,), }}\n".encode()
    return b"\x93NUMPY" + bytes((major, 0)) + struct.pack("<H" if major == 1 else "<I", len(header)) + header + data


def found(data: bytes) -> list[tuple[str, bytes]]:
    return [(each.path, bytes(each.data)) for each in members(data) if isinstance(each, Member)]


def closed(data: bytes) -> list[tuple[str, str]]:
    return [(each.path, each.why) for each in members(data) if isinstance(each, Closed)]


@pytest.mark.parametrize(
    ("wrap", "path"),
    [
        (lambda data: data, ""),
        (gzip.compress, ""),
        (bz2.compress, ""),
        (lzma.compress, ""),
        (lambda data: lzma.compress(data, lzma.FORMAT_ALONE), ""),
        (zlib.compress, ""),
        (lambda data: zlib.compress(data, 1), ""),
        (in_zip, "archive/data.pkl"),
        (lambda data: in_zip(data, method=zipfile.ZIP_STORED), "archive/data.pkl"),
        (lambda data: in_zip(data, method=zipfile.ZIP_BZIP2), "archive/data.pkl"),
        (in_tar, "data.pkl"),
        (lambda data: in_tar(data, mode="w:gz"), "data.pkl"),
        (lambda data: in_tar(data, mode="w:xz"), "data.pkl"),
        (lambda data: in_zip(gzip.compress(data), "a.gz"), "a.gz"),
        (lambda data: in_zip(in_numpy(data), "x.npy"), "x.npy"),
        (in_numpy, ""),
        (lambda data: in_numpy(data, major=2), ""),
    ],
)
def test_what_is_inside_is_found(wrap: Callable[[bytes], bytes], path: str) -> None:
    assert found(wrap(PLAIN)) == [(path, PLAIN)]
    assert closed(wrap(PLAIN)) == []


def test_an_array_of_numbers_holds_no_pickle() -> None:
    assert found(in_numpy(b"\x00" * 24, "<f8")) == []


def test_a_member_with_a_wrong_checksum_is_read_all_the_same() -> None:
    """torch reads it, and Python's zipfile refuses it."""
    data = bytearray(in_zip(PLAIN, method=zipfile.ZIP_STORED))
    for at in (14, data.index(b"PK\x01\x02") + 16):
        data[at] ^= 0xFF
    assert found(bytes(data)) == [("archive/data.pkl", PLAIN)]


def test_a_member_that_says_it_is_encrypted_is_read_all_the_same() -> None:
    data = bytearray(in_zip(PLAIN, method=zipfile.ZIP_STORED))
    for at in (6, data.index(b"PK\x01\x02") + 8):
        data[at] |= 1
    assert found(bytes(data)) == [("archive/data.pkl", PLAIN)]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (gzip.compress(PLAIN)[:-12], "it is cut off"),
        (b"\x1f\x8b" + b"\x00" * 20, "it can't be unpacked (error)"),
        (b"PK\x03\x04" + b"\x00" * 40, "the archive can't be read (BadZipFile)"),
        (b"\x04\x22\x4d\x18" + b"\x00" * 20, "lz4 is not read"),
        (b"\x28\xb5\x2f\xfd" + b"\x00" * 20, "zstd is not read"),
        (b"\x89HDF\r\n\x1a\n", "HDF5 is not read"),
        (b"\x93NUMPY", "its header is cut off"),
        (in_zip(PLAIN, method=zipfile.ZIP_LZMA), "its compression (14) is not read"),
    ],
)
def test_what_cannot_be_opened_is_told(data: bytes, why: str) -> None:
    assert [each for _, each in closed(data)] == [why]


def test_a_bomb_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_LARGEST", 100_000)
    assert [why for _, why in closed(gzip.compress(b"\x00" * 1_000_000))] == ["unpacked it is too large"]
    assert [why for _, why in closed(in_zip(b"\x00" * 1_000_000))] == ["unpacked it is too large"]


def test_archives_inside_archives_come_to_an_end() -> None:
    data = PLAIN
    for _ in range(20):
        data = in_zip(data, "x.zip")
    assert found(data) == []
    assert "too many archives stand one inside the other" in closed(data)[0][1]


def test_many_members_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "_MOST", 3)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for i in range(10):
            archive.writestr(f"{i}.pkl", PLAIN)
    assert len(found(file.getvalue())) == 3
    assert closed(file.getvalue()) == [("3.pkl", "the archive is too large")]


@given(st.sampled_from([in_zip(PLAIN), in_tar(PLAIN), gzip.compress(PLAIN), in_numpy(PLAIN)]), st.data())
@settings(max_examples=300, deadline=None)
def test_spoilt_files_give_an_answer(data: bytes, draw: st.DataObject) -> None:
    spoilt = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        spoilt[draw.draw(st.integers(0, len(spoilt) - 1))] = draw.draw(st.integers(0, 255))
    list(members(bytes(spoilt)))
