"""Compressed streams."""

from __future__ import annotations

import bz2
import gzip
import lzma
import struct
import zlib
from collections.abc import Callable
from importlib import util

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic.containers import streams
from stsec_magic.containers.decompressors import GZIP, ZLIB
from stsec_magic.containers.found import Limits
from tests.containers.wrapping import OLD, PLAIN, closed, found, in_tar

ZSTD = "compression.zstd" if util.find_spec("compression") else "backports.zstd"


def zstd(data: bytes) -> bytes:
    return bytes(pytest.importorskip(ZSTD).compress(data))


def lz4(data: bytes) -> bytes:
    return bytes(pytest.importorskip("lz4.frame").compress(data))


def old_joblib(data: bytes, space: bytes = b"") -> bytes:
    """What joblib wrote before its version 0.10: the length as text of the width of 2 ** 64 in digits of base 16."""
    return b"ZF" + hex(len(data)).ljust(len(hex(2**64))).encode() + space + zlib.compress(data)


def alone(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_ALONE)


FORMATS: list[Callable[[bytes], bytes]] = [gzip.compress, bz2.compress, lzma.compress, alone, zlib.compress, lz4, zstd]


@pytest.mark.parametrize("wrap", [*FORMATS, old_joblib, lambda data: old_joblib(data, b" ")])
def test_what_is_inside_is_found(wrap: Callable[[bytes], bytes]) -> None:
    assert found(wrap(PLAIN)) == [("", PLAIN)]
    assert closed(wrap(PLAIN)) == []


@pytest.mark.parametrize("wrap", FORMATS)
def test_streams_may_follow_one_another_and_garbage_them(wrap: Callable[[bytes], bytes]) -> None:
    data = wrap(PLAIN[:7]) + wrap(PLAIN[7:])
    assert found(data) == found(data + b"garbage") == [("", PLAIN)]
    assert closed(data + b"garbage") == []


def test_zeros_between_two_streams_of_gzip() -> None:
    assert found(gzip.compress(PLAIN[:7]) + bytes(99) + gzip.compress(PLAIN[7:])) == [("", PLAIN)]


@pytest.mark.parametrize("wrap", [lz4, zstd])
def test_frames_that_are_skipped(wrap: Callable[[bytes], bytes]) -> None:
    skipped = struct.pack("<II", 0x184D2A57, 5) + b"12345"
    assert found(skipped * 2 + wrap(PLAIN)) == [("", PLAIN)]


@pytest.mark.parametrize("level", range(10))
@pytest.mark.parametrize("window", [9, 12, 15])
def test_zlib_of_every_window(level: int, window: int) -> None:
    made = zlib.compressobj(level, wbits=window)
    assert ("", PLAIN) in found(made.compress(PLAIN) + made.flush())


@pytest.mark.parametrize("preset", [0, 6, 9])
@pytest.mark.parametrize("literal", [0, 3])
def test_lzma_alone_of_every_kind(preset: int, literal: int) -> None:
    """Its first byte is another one for each."""
    filters = [{"id": lzma.FILTER_LZMA1, "preset": preset, "lc": literal, "lp": 1, "pb": 0}]
    assert found(lzma.compress(PLAIN, lzma.FORMAT_ALONE, filters=filters)) == [("", PLAIN)]


@pytest.mark.parametrize("wrap", FORMATS)
def test_one_that_is_cut_off_is_told(wrap: Callable[[bytes], bytes]) -> None:
    assert [why for _, why in closed(wrap(PLAIN * 50)[:-9])] == ["it is cut off"]


@pytest.mark.parametrize("wrap", [gzip.compress, bz2.compress, lzma.compress])
def test_of_one_with_a_wrong_checksum_almost_all_is_read(wrap: Callable[[bytes], bytes]) -> None:
    """A reader has most of it before it comes to the checksum, and so has a pickle run."""
    data = bytearray(wrap(OLD))
    data[-6] ^= 0xFF
    assert found(bytes(data))[0][1].startswith(OLD[:-1])
    assert [why.partition(" (")[0] for _, why in closed(bytes(data))] == ["it can't be unpacked"]


@pytest.mark.parametrize("head", [b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\x00", b"\x04\x22\x4d\x18", b"\x28\xb5\x2f\xfd"])
def test_what_only_begins_as_a_stream_is_told(head: bytes) -> None:
    assert len(closed(head + b"\xff" * 30)) == 1


def test_what_begins_as_zlib_and_is_none_is_no_stream() -> None:
    assert closed(b"x\x9c" + b"\xff" * 30) == []


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError(name=name.partition(".")[0])

    monkeypatch.setattr("stsec_magic.containers.decompressors.import_module", missing)
    assert closed(b"\x04\x22\x4d\x18" + bytes(20)) == [("", "lz4 is needed to look inside")]


def test_a_compressed_archive() -> None:
    assert found(in_tar(PLAIN, mode="w:gz")) == found(in_tar(PLAIN, mode="w:xz")) == [("data.pkl", PLAIN)]


def test_only_as_much_is_unpacked_as_asked_for() -> None:
    limits = Limits()
    before = limits.bytes
    unpacked = streams.unpack(gzip.compress(bytes(50 << 20)), 0, GZIP, limits, most=1000)
    assert 1000 <= len(unpacked.data) <= 2 << 20
    assert limits.bytes == before


@given(st.binary(max_size=3_000), st.integers(0, 9))
@settings(deadline=None)
def test_what_goes_in_comes_out(data: bytes, level: int) -> None:
    assert streams.unpack(zlib.compress(data, level), 0, ZLIB, Limits()).data == data
