"""7z archives: with a stand-in for py7zr, and with py7zr where it is installed."""

from __future__ import annotations

import io
import sys
from types import ModuleType
from typing import Any

import pytest

from stsec_magic.containers import found as limits
from tests.containers.wrapping import NAMING, PLAIN, closed, found

MAGIC = b"7z\xbc\xaf\x27\x1c\x00\x04"


def stand_in(monkeypatch: pytest.MonkeyPatch, members: dict[str, bytes], locked: bool = False) -> None:
    class SevenZipFile:
        def __init__(self, file: io.BytesIO) -> None:
            assert file.read(6) == MAGIC[:6]

        def __enter__(self) -> SevenZipFile:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def needs_password(self) -> bool:
            return locked

        def extractall(self, factory: Any) -> None:
            for name, data in members.items():
                place = factory.create(name)
                for at in range(0, len(data), 10_000):
                    place.write(data[at : at + 10_000])
                assert place.size() == len(data)
                place.seek(0)
                assert place.read() == data
            if not members:
                raise RuntimeError

    module = ModuleType("py7zr")
    module.SevenZipFile = SevenZipFile  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "py7zr", module)


def test_without_the_package_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py7zr", None)
    assert closed(MAGIC) == [("", "7z: install py7zr to look inside")]


def test_what_is_inside_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, {"a.pkl": PLAIN, "b": NAMING, "c": b"Hello"})
    assert found(MAGIC) == [("a.pkl", PLAIN), ("b", NAMING)]
    assert closed(MAGIC) == []


def test_what_cannot_be_opened_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, {})
    assert closed(MAGIC) == [("", "the archive can't be read (RuntimeError)")]
    stand_in(monkeypatch, {}, locked=True)
    assert closed(MAGIC) == [("", "it is encrypted")]


def test_a_bomb_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LARGEST", 50_000)
    stand_in(monkeypatch, {"a": b"\x00" * 200_000})
    assert closed(MAGIC) == [("", "unpacked it is too large")]


def test_the_package_itself() -> None:
    py7zr = pytest.importorskip("py7zr")
    file = io.BytesIO()
    with py7zr.SevenZipFile(file, "w") as archive:
        archive.writestr(PLAIN, "a.pkl")
        archive.writestr(NAMING, "b")
    assert found(file.getvalue()) == [("a.pkl", PLAIN), ("b", NAMING)]
    assert len(closed(file.getvalue()[:-20])) == 1
