"""By its name and its beginning: is a file among many worth being unpacked?"""

from __future__ import annotations

from collections.abc import Iterable

from stsec_magic.containers import numpy_files, tar_files
from stsec_magic.containers.found import View
from stsec_magic.containers.glance import looks_like_pickle

_ENDINGS = (".pkl", ".pickle", ".pck", ".pcl", ".joblib", ".jbl", ".dill", ".cloudpickle", ".p")
_MAGICS = tuple(
    b"PK\x03\x04 \x1f\x8b BZh \xfd7zXZ \x5d\x00 \x78 \x04\x22\x4d\x18 \x28\xb5\x2f\xfd ZF0x \x89HDF "
    b"SQLite 7z\xbc\xaf \x08\x01\x12 \x13\x57\x9a { \xef\xbb\xbf{".split(b" ")
)
_FARTHER = {1: (b"\x2a\x4d\x18", b"\x9a\x57\x13"), 12: (b"\x61\x15\x06\x00", b"\x00\x06\x15\x61"), 512: (b"\x89HDF",)}
"""How containers begin, and what stands farther in."""


def says_pickle(name: str) -> bool:
    """Whether a file's name says that it is a pickle.

    Args:
        name: The name, or the path.
    """
    return name.lower().endswith(_ENDINGS)


def is_worth_it(names: Iterable[str], head: View, size: int) -> bool:
    """Whether a file may be a pickle or hold some.

    Args:
        names: Its names.
        head: How it begins.
        size: How many bytes it has.
    """
    if any(map(says_pickle, names)) or looks_like_pickle(head, size) or tar_files.recognises(head):
        return True
    if numpy_files.recognises(head):
        return numpy_files.may_hold_objects(head)
    begin = bytes(head[:600])
    if begin.lstrip().startswith(_MAGICS) or begin.startswith(_MAGICS):
        return True
    return any(begin.startswith(magics, at) for at, magics in _FARTHER.items())
