"""The door: pickles in whatever they come wrapped in, within limits."""

from __future__ import annotations

import bz2
import gzip
import lzma
import mmap
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsec_magic.containers import found as limits
from stsec_magic.containers.members import Member, folder_members, members
from stsec_magic.model.inspection import Closed
from tests.containers.wrapping import NAMING, OLD, PLAIN, closed, found, in_numpy, in_tar, in_zip, told_of, zip_of


@pytest.mark.parametrize(
    ("wrap", "path"),
    [
        (lambda data: data, ""),
        (lambda data: in_zip(gzip.compress(data), "a.gz"), "a.gz"),
        (lambda data: in_zip(in_zip(data, "b.pkl"), "a.zip"), "a.zip/b.pkl"),
        (lambda data: in_zip(in_numpy(data), "x.npy"), "x.npy"),
        (lambda data: bz2.compress(in_tar(data)), "data.pkl"),
        (lambda data: lzma.compress(zlib.compress(data)), ""),
    ],
)
def test_what_is_inside_is_found(wrap: Callable[[bytes], bytes], path: str) -> None:
    assert found(wrap(PLAIN)) == [(path, PLAIN)]
    assert closed(wrap(PLAIN)) == []


def test_a_file_that_is_nothing_known_is_a_member_itself() -> None:
    assert found(b"anything") == [("", b"anything")]
    assert found(b"") == [("", b"")]


def test_a_mapped_file_is_not_copied_and_can_be_closed_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(zip_of({"a/data.pkl": PLAIN, "a/data/0": b"\x00" * 4096}))
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        assert [each.path for each in members(data)] == ["a/data.pkl"]
    path.write_bytes(NAMING)
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        assert [each.data is data for each in members(data) if isinstance(each, Member)] == [True]


@pytest.mark.parametrize("front", [PLAIN, OLD])
def test_a_file_that_is_two_things_is_read_as_both(front: bytes) -> None:
    """``pickle.load`` reads the front of such a file, and zipfile its end."""
    assert found(front + zip_of({"b.pkl": NAMING})) == [
        ("", front + zip_of({"b.pkl": NAMING})),
        ("b.pkl", NAMING),
    ]


def test_a_tar_archive_whose_first_name_is_a_pickle_is_read_as_both() -> None:
    data = in_tar(NAMING, "cbuiltins\nprint\n(S'x'\ntR.")
    assert [path for path, _ in found(data)] == ["", "cbuiltins\nprint\n(S'x'\ntR."]


def test_of_many_files_only_those_are_members_that_may_be_pickles() -> None:
    files = {
        "a.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "README": b"This is a model.\n",
        "0": bytes(range(256)) * 40,
        "1": NAMING,
        "2": OLD,
        "broken.pkl": b"nothing",
    }
    assert [path for path, _ in found(zip_of(files))] == ["1", "2", "broken.pkl"]
    assert closed(zip_of(files)) == []


def test_archives_inside_archives_come_to_an_end() -> None:
    data = PLAIN
    for _ in range(20):
        data = in_zip(data, "x.zip")
    assert found(data) == []
    assert "too many archives stand one inside the other" in closed(data)[0][1]


@pytest.mark.parametrize("wrap", [gzip.compress, in_zip, lambda data: zip_of({"a.pkl": data})])
def test_a_bomb_is_given_up(wrap: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST", 100_000)
    assert [why for _, why in closed(wrap(b"\x00" * 2_000_000))] == ["unpacked it is too large"]


def test_a_member_that_is_too_large_is_read_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST", 100_000)
    assert found(gzip.compress(NAMING + b"\x00" * 2_000_000))[0][1].startswith(NAMING)


def test_many_members_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST", 3)
    data = zip_of({f"{i}.pkl": PLAIN for i in range(10)})
    assert len(found(data)) == 3
    assert closed(data) == [("3.pkl", "it has too many members")]


def test_many_entries_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 3)
    data = zip_of({str(i): b"" for i in range(10)})
    assert [why for _, why in closed(data)] == ["it has too many members"]


def test_entries_that_share_their_bytes_count_each() -> None:
    """A bomb of the flat kind: a directory that lists one member ten thousand times."""
    member = zip_of({"a.pkl": b"\x00" * 1_000_000}, zipfile.ZIP_DEFLATED)
    at, end = member.index(b"PK\x01\x02"), member.index(b"PK\x05\x06")
    rows = 300
    listed = b"".join(member[at:end].replace(b"a.pkl", b"%05d" % i) for i in range(rows))
    tail = bytearray(member[end:])
    tail[8:16] = rows.to_bytes(2, "little") * 2 + len(listed).to_bytes(4, "little")
    start = time.process_time()
    list(members(member[:at] + listed + bytes(tail)))
    assert time.process_time() - start < 12


def test_the_time_is_given() -> None:
    parts = list(members(in_zip(PLAIN), until=time.monotonic() - 1))
    assert parts == [Closed("archive/data.pkl", "it takes too long")]


SAMPLES = [
    in_zip(PLAIN),
    zip_of({"a.pkl": PLAIN, "b": NAMING}),
    in_tar(PLAIN),
    gzip.compress(PLAIN, mtime=0),
    bz2.compress(PLAIN),
    lzma.compress(PLAIN),
    in_numpy(PLAIN),
    b"\x89HDF\r\n\x1a\n" + bytes(50) + NAMING + OLD + b"\x00x\x9c" + zlib.compress(NAMING),
]


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=400, deadline=3_000)
def test_spoilt_files_give_an_answer(data: bytes, draw: st.DataObject) -> None:
    spoilt = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        spoilt[draw.draw(st.integers(0, len(spoilt) - 1))] = draw.draw(st.integers(0, 255))
    list(members(bytes(spoilt)))


@given(st.sampled_from(SAMPLES), st.integers(0, 400), st.binary(max_size=50))
@settings(deadline=3_000)
def test_cut_files_give_an_answer(data: bytes, length: int, more: bytes) -> None:
    list(members(data[:length] + more))


class TestFolders:
    def test_all_its_files_are_read(self, tmp_path: Path) -> None:
        (tmp_path / "inner").mkdir()
        (tmp_path / "inner" / "model.pkl").write_bytes(PLAIN)
        (tmp_path / "a.zip").write_bytes(in_zip(NAMING, "b"))
        (tmp_path / "README.md").write_bytes(b"Hello")
        (tmp_path / "empty").write_bytes(b"")
        parts = [(each.path, bytes(each.data)) for each in folder_members(tmp_path) if isinstance(each, Member)]
        assert parts == [("a.zip/b", NAMING), ("inner/model.pkl", PLAIN)]

    def test_a_loader_of_its_own_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "MLmodel").write_text("flavors:\n  python_function:\n    loader_module: os\n", encoding="utf-8")
        assert told_of(folder_members(tmp_path)) == [("os", None)]

    def test_it_comes_to_an_end(self, tmp_path: Path) -> None:
        (tmp_path / "a.pkl").write_bytes(PLAIN)
        assert list(folder_members(tmp_path, until=time.monotonic() - 1)) == [Closed("", "it takes too long")]
