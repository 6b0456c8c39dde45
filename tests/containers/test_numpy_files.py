"""Numpy's arrays."""

from __future__ import annotations

import zipfile

import pytest

from stsec_magic.containers import found as limits
from tests.containers.wrapping import NAMING, OLD, PLAIN, closed, found, in_numpy, zip_of


@pytest.mark.parametrize(
    "descr", ["'|O'", "'O'", "'|O8'", '"O"', "'object'", "'object_'", "'\\x4f'", "[('a', '<i4'), ('b', 'O')]", "'i4,O'"]
)
@pytest.mark.parametrize("major", [1, 2, 3])
def test_an_array_with_objects_is_a_pickle(descr: str, major: int) -> None:
    assert found(in_numpy(PLAIN, descr, major)) == [("", PLAIN)]
    assert found(in_numpy(OLD, descr, major)) == [("", OLD)]


@pytest.mark.parametrize("descr", ["'<f8'", "[('O', '<f8')]", "'|S5'"])
def test_an_array_of_numbers_holds_none(descr: str) -> None:
    assert found(in_numpy(b"\x00" * 24, descr)) == []
    assert closed(in_numpy(b"\x00" * 24, descr)) == []


def test_arrays_behind_an_array() -> None:
    assert found(in_numpy(bytes(24), "'<f8'") + in_numpy(NAMING)) == [("", NAMING)]


def test_arrays_in_an_archive() -> None:
    assert found(zip_of({"a.npy": in_numpy(PLAIN), "b.npy": in_numpy(bytes(9), "'u1'")})) == [("a.npy", PLAIN)]


def test_large_arrays_of_numbers_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST", 1 << 20)
    files = {"a.npy": in_numpy(bytes(5 << 20), "'<f8'"), "b.npy": in_numpy(NAMING + bytes(1 << 17))}
    data = zip_of(files, zipfile.ZIP_DEFLATED)
    assert [path for path, _ in found(data)] == ["b.npy"]
    assert closed(data) == []


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"\x93NUMPY", "its header is cut off"), (b"\x93NUMPY\x09\x00" + bytes(20), "its version is unknown")],
)
def test_what_cannot_be_read_is_told(data: bytes, why: str) -> None:
    assert closed(data) == [("", why)]
