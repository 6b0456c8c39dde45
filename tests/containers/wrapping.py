"""Pickles wrapped for tests, and what is found in them again."""

from __future__ import annotations

import io
import pickle
import struct
import tarfile
import zipfile
from collections.abc import Iterable

from stsec_magic.containers.members import Member, Told, members
from stsec_magic.model.inspection import Closed

PLAIN = pickle.dumps({"a": [1, 2, 3]})
NAMING = pickle.dumps(print, 4)
"""It asks for a name: ``builtins.print``."""

OLD = b"cbuiltins\nprint\n(S'x'\ntR."
"""One of protocol 0 that calls."""


def in_zip(data: bytes, name: str = "archive/data.pkl", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    return zip_of({name: data}, method)


def zip_of(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def in_tar(data: bytes, name: str = "data.pkl", mode: str = "w:", form: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode, format=form) as archive:  # type: ignore[call-overload]
        row = tarfile.TarInfo(name)
        row.size = len(data)
        archive.addfile(row, io.BytesIO(data))
    return file.getvalue()


def in_numpy(data: bytes, descr: str = "'|O'", major: int = 1) -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': (3,), }}\n".encode()
    return b"\x93NUMPY" + bytes((major, 0)) + struct.pack("<H" if major == 1 else "<I", len(header)) + header + data


def found(data: bytes) -> list[tuple[str, bytes]]:
    return [(each.path, bytes(each.data)) for each in members(data) if isinstance(each, Member)]


def closed(data: bytes) -> list[tuple[str, str]]:
    return [(each.path, each.why) for each in members(data) if isinstance(each, Closed)]


def told(data: bytes) -> list[tuple[str | None, bool | None]]:
    return told_of(members(data))


def told_of(parts: Iterable[object]) -> list[tuple[str | None, bool | None]]:
    return [(each.name, each.malicious) for each in parts if isinstance(each, Told)]
