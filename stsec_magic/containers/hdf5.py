"""HDF5: the pickles of PyTables and pandas, and the configuration of Keras' models, by a search through the bytes.

What PyTables pickles it writes to attributes and to heaps, which no filter compresses. Bytes that somebody else
pickled may stand in compressed chunks: those of zlib are looked into.
"""

from __future__ import annotations

import re

from stsec_magic.containers.byte_search import pickles_in
from stsec_magic.containers.decompressors import ZLIB, Inflater
from stsec_magic.containers.found import Inside, Limits, Opened, View, within
from stsec_magic.containers.glance import looks_like_pickle
from stsec_magic.containers.json_files import told_in
from stsec_magic.containers.streams import unpack

_MAGIC = b"\x89HDF\r\n\x1a\n"
_OFFSETS = (0, *(512 << i for i in range(12)))
"""Where the format may begin, behind what a user puts in front."""

_STREAM = re.compile(rb"x[\x01\x5e\x9c\xda]")
_HEAD = 256
_LARGE = 1 << 40


def recognises(data: View) -> bool:
    """Whether it is a file of HDF5.

    Args:
        data: The bytes.
    """
    return any(bytes(data[at : at + len(_MAGIC)]) == _MAGIC for at in _OFFSETS if at < len(data))


def opened(inside: Inside, limits: Limits) -> Opened:
    """Look through a file.

    Args:
        inside: The file.
        limits: How much may be handed out.

    Yields:
        The pickles in it, and what a configuration of Keras in it says.
    """
    yield from told_in(inside.path, inside.data, limits)
    yield from pickles_in(inside.path, inside.data, limits)
    yield from _chunks(inside, limits)


def _chunks(inside: Inside, limits: Limits) -> Opened:
    """Compressed chunks that are pickles."""
    for count, match in enumerate(_STREAM.finditer(inside.data)):
        if count % 64 == 0:
            limits.look()
        start = match.start()
        try:
            head = Inflater().decompress(bytes(inside.data[start : start + _HEAD]), _HEAD)
        except ValueError:
            continue
        except Exception:  # noqa: S112  # zlib's own error, for what is no stream
            continue
        if head[:1] == b"\x80" and looks_like_pickle(head, _LARGE):
            unpacked = unpack(inside.data, start, ZLIB, limits)
            yield Inside(within(inside.path, f"at byte {start}"), unpacked.data, loose=True)
