"""Whether a file may hold a pickle, told by how it begins and by its name's ending."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from stsec_magic.containers.glance import looks_like_pickle

_HEAD = 512
_ENDINGS = frozenset(
    ".pkl .pickle .pk .p .joblib .jl .dill .pt .pth .bin .ckpt .npy .npz .h5 .hdf5 .keras .skops .model .sav .mar "
    ".cloudpickle .dat .db .dump".split()
)
_MAGIC = (
    *(
        b"\x80\x02",
        b"\x80\x03",
        b"\x80\x04",
        b"\x80\x05",
        b"\x93NUMPY",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"BZh",
        b"\xfd7zXZ\x00",
    ),
    *(
        b"\x04\x22\x4d\x18",
        b"\x28\xb5\x2f\xfd",
        b"7z\xbc\xaf\x27\x1c",
        b"\x89HDF\r\n\x1a\n",
        b"SQLite format 3\x00",
        b"ZF0x",
    ),
)
_TAR = slice(257, 262)


def is_artifact(path: Path) -> bool:
    """Whether a file is worth an inspection.

    Args:
        path: The file; one that can't be read is worth it if its name says so.
    """
    by_name = path.suffix.lower() in _ENDINGS
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with open(path, "rb", buffering=0, opener=_opened) as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return by_name
    if not head:
        return by_name
    if head.startswith(_MAGIC) or head[_TAR] == b"ustar":
        return True
    # Text may begin like a pickle of the oldest protocol: there the name has to say so, too.
    return (by_name and b"\0" in head) or (looks_like_pickle(head) and (by_name or not _is_text(head)))


def _is_text(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in head


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
